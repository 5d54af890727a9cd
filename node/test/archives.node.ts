import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { identityToText } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { startHome } from '../src/home.ts'
import { wallText, writeWall } from './support/walls.ts'
import type { Home } from '../src/home.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ONE = fileURLToPath(new URL('support/one-archive.ts', import.meta.url))
const POSTS = 12

interface Ran {
  code: number | null
  out: string
  err: string
}

describe('pergola export and import', function () {
  this.timeout(120_000)

  let folder: string
  let ada: Home
  let fresh: Home

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-archives-'))
    ada = await startHome({ data: join(folder, 'ada') })
    fresh = await startHome({ data: join(folder, 'fresh') })
    await writeWall(ada.peer, POSTS, 300_000)
  })

  after(async () => {
    await ada.stop()
    await fresh.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function pergola (home: Home, ...args: string[]): Promise<Ran> {
    const child = spawn(process.execPath, [MAIN, ...args, '--data', home.data], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PERGOLA_PASSPHRASE: '' } })
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])

    return { code, out, err }
  }

  it('[AR12] saves everything as one file, which makes another home one of the owner\'s', async () => {
    const file = join(folder, 'wall.zip')
    const passphrase = join(folder, 'passphrase')

    await writeFile(passphrase, 'a long summer in the north\n')

    expect(await pergola(ada, 'export', file, '--keys', '--passphrase-file', passphrase)).to.deep.equal({
      code: 0, err: '', out: `Exported to ${file}. Posts: ${POSTS}. Picture files: ${2 * POSTS}.\n`
    })
    expect((await stat(file)).mode & 0o777).to.equal(0o600)

    const { code, out } = await pergola(fresh, 'import', file, '--passphrase-file', passphrase, '--json')

    expect(code).to.equal(0)
    expect(JSON.parse(out)).to.include({ identity: identityToText(ada.peer.account.requireMe().identity), name: 'Ada', posts: POSTS, files: 2 * POSTS, refused: 0, restored: true })
    expect(await wallText(fresh.peer)).to.equal(await wallText(ada.peer))
    expect(await pergola(fresh, 'import', file)).to.deep.equal({ code: 0, err: '', out: `Imported the wall of Ada. New: 0 entries, 0 picture files. Posts now: ${POSTS}.\n` })
  })

  it('[AR13] says in a sentence what is wrong, and leaves no file behind', async () => {
    const letter = join(folder, 'letter.txt')

    await writeFile(letter, 'Dear Ada')

    expect(await pergola(fresh, 'import', letter)).to.deep.equal({ code: 1, out: '', err: 'This file is not an archive: choose the file that was saved as one\n' })
    expect(await pergola(fresh, 'import', join(folder, 'none'))).to.deep.equal({ code: 1, out: '', err: `${join(folder, 'none')} cannot be read: there is no such file or folder\n` })
    expect(await pergola(fresh, 'import', folder)).to.deep.equal({ code: 1, out: '', err: `${folder} cannot be read: it is a folder\n` })
    expect(await pergola(ada, 'export', join(folder, 'no', 'wall.zip'))).to.deep.equal({ code: 1, out: '', err: `${join(folder, 'no', 'wall.zip')} cannot be written: there is no such file or folder\n` })
    expect(await pergola(ada, 'export', join(folder, 'keys.zip'), '--keys')).to.deep.equal({ code: 1, out: '', err: 'The keys need a passphrase: give it with --passphrase-file\n' })
    expect((await readdir(folder)).filter(name => /part|keys/.test(name))).to.deep.equal([])
  })

  /** Runs until a step has done more than a part of its bytes, and is killed then */
  async function killed (what: 'export' | 'import', data: string, file: string, step: string, part: number): Promise<void> {
    const child = spawn(process.execPath, [ONE, what, data, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines: string[] = []

    for await (const line of createInterface({ input: child.stdout })) {
      const [of, done, total] = line.split(' ')

      lines.push(line)

      if (of === step && Number(done) > part * Number(total)) {
        child.kill('SIGKILL')
        break
      }
    }

    await once(child, 'close')
    expect(lines).to.not.include('done')
  }

  it('[AR17] killed while it exports: the old file or the new one', async () => {
    const data = join(folder, 'killed-export')
    const file = join(folder, 'kept.zip')
    const home = await startHome({ data })

    await writeWall(home.peer, 3, 300_000)
    await home.calls.export({ file })
    await home.stop()

    const old = await readFile(file)

    for (const part of [0, 0.9]) {
      await killed('export', data, file, 'export', part)
      expect(old.equals(await readFile(file))).to.be.true()
    }
  })

  it('[AR11] killed while it imports: the old wall or the new one, and then it goes on', async () => {
    const data = join(folder, 'killed-import')
    const file = join(folder, 'to-import.zip')
    const { space } = ada.peer.account.requireMe()

    await ada.calls.export({ file })

    for (const [step, part] of [['check', 0.5], ['take', 0], ['take', 0.95]] as const) {
      await killed('import', data, file, step, part)

      const home = await startHome({ data })

      expect((await home.peer.walls.open(space)).view().posts.length).to.be.oneOf([0, POSTS])
      await home.stop()
    }

    const home = await startHome({ data })

    expect(await home.calls.import({ file })).to.include({ posts: POSTS, refused: 0, restored: false })
    expect(await wallText(home.peer, space)).to.equal(await wallText(ada.peer))
    expect(await home.calls.import({ file })).to.include({ added: 0, files: 0 })

    for (const { cid } of (await home.peer.walls.open(space)).media()) {
      expect(await home.peer.media.isPinned(cid)).to.be.true()
    }

    await home.stop()
  })
})
