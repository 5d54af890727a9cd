/** What is in the data folder of a home node, and who can read it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'aegir/chai'
import { locateDataFolder } from '../src/data-folder.ts'
import { startHome } from '../src/home.ts'
import { foundIn } from './support/canaries.ts'
import { testFolder } from './support/folders.ts'
import { OLD_TEXT, writeOldHome } from './support/old-home.ts'
import type { TestFolder } from './support/folders.ts'
import type { Home } from '../src/home.ts'

const PASSPHRASE = 'correct horse canarypassphrase'
const OTHER = 'another horse canarypassphrase'
const NAME = 'Ada Canaryname'
const TEXT = 'A post with canaryposttext in it'
const opening = fileURLToPath(new URL('support/open-home.ts', import.meta.url))

describe('the sealed data of a home node', function () {
  this.timeout(120_000)

  let folder: TestFolder
  let home: Home | undefined

  beforeEach(async () => { folder = await testFolder() })
  afterEach(async () => {
    await home?.stop()
    home = undefined
    await folder.remove()
  })

  async function start (): Promise<Home> {
    home = await startHome({ data: folder.at('data') })

    return home
  }

  async function stop (): Promise<void> {
    await home?.stop()
    home = undefined
  }

  async function texts ({ peer }: Home): Promise<string[]> {
    return (await peer.walls.open(peer.account.requireMe().space)).view().posts.map(({ text }) => text)
  }

  it('[E1] [ST61] shows nothing of names, posts and keys to whoever reads the files', async () => {
    const { peer } = await start()

    await peer.join(NAME)
    await peer.posts.post({ text: TEXT })
    await peer.setDirect(false)
    await stop()

    const { keys } = locateDataFolder(folder.at('data'))
    const device = await readFile(keys)

    expect((await stat(keys)).mode & 0o777).to.equal(0o600)
    expect(await foundIn(folder.at('data'), [NAME, 'canaryposttext', 'device-seed'])).to.deep.equal([])
    expect(await foundIn(folder.at('data'), [device]), 'the scan works').to.have.lengthOf(1)
    expect(await texts(await start())).to.deep.equal([TEXT])
  })

  it('[E1] [ST101] locked, it answers with a sentence and opens only for the passphrase', async () => {
    const { calls, peer } = await start()
    const { keys } = locateDataFolder(folder.at('data'))
    const device = await readFile(keys)

    await peer.join(NAME)
    await calls.post({ text: TEXT })
    await expect(calls.lock(), 'without a passphrase').to.eventually.be.rejected.with.property('name', 'NotProtectedError')
    await expect(calls.passphrase({ next: 'short 7' })).to.eventually.be.rejected.with.property('name', 'PassphraseTooShortError')
    expect(await calls.passphrase({ next: PASSPHRASE })).to.deep.equal({ locked: false, protected: true })
    expect(await calls.lock()).to.deep.equal({ locked: true, protected: true })
    await expect(calls.status()).to.eventually.be.rejected.with.property('name', 'HomeLockedError')
    await stop()

    expect(await foundIn(folder.at('data'), [device, PASSPHRASE, NAME, 'canaryposttext'])).to.deep.equal([])

    const again = await start()

    expect(again.locked).to.equal(true)
    await expect(again.calls.unlock({ passphrase: OTHER })).to.eventually.be.rejected.with.property('name', 'WrongPassphraseError')
    expect(await again.calls.unlock({ passphrase: PASSPHRASE })).to.deep.equal({ locked: false, protected: true })
    expect(await texts(again)).to.deep.equal([TEXT])
    await expect(again.calls.passphrase({ current: OTHER, next: OTHER })).to.eventually.be.rejected.with.property('name', 'WrongPassphraseError')
    await again.calls.passphrase({ current: PASSPHRASE, next: OTHER })
    await again.calls.lock()
    await expect(again.calls.unlock({ passphrase: PASSPHRASE })).to.eventually.be.rejected.with.property('name', 'WrongPassphraseError')
    expect(await again.calls.passphrase({ current: OTHER }), 'no passphrase any more').to.include({ protected: false })
    await stop()
    expect(await texts(await start())).to.deep.equal([TEXT])
  })

  it('[E1] [ST86] lets wait after five wrong passphrases', async () => {
    const { calls } = await start()

    await calls.passphrase({ next: PASSPHRASE })
    await calls.lock()

    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(calls.unlock({ passphrase: OTHER })).to.eventually.be.rejected.with.property('name', 'WrongPassphraseError')
    }

    await expect(calls.unlock({ passphrase: PASSPHRASE })).to.eventually.be.rejected.with.property('name', 'TooManyAttemptsError')
  })

  it('[E6] [ST105] erases what opens it, then all files, and goes on as the home of nobody', async () => {
    const { calls, peer } = await start()
    const data = locateDataFolder(folder.at('data'))
    const device = await readFile(data.keys)

    await peer.join(NAME)
    await calls.post({ text: TEXT })
    expect(await calls.panic()).to.deep.equal({ locked: false, protected: false })
    expect(await foundIn(folder.at('data'), [device, NAME, 'canaryposttext'])).to.deep.equal([])
    expect(await calls.status()).to.include({ identity: null, posts: 0 })
  })

  it('[ST110] takes over what the first version kept, with its chain and keys', async () => {
    const { device, head } = await writeOldHome(folder.at('data'), 5)
    const { peer } = await start()
    const me = peer.account.requireMe()

    expect(me.device).to.equal(device)
    expect((await peer.log.chain(me))?.head.seq).to.equal(head)
    await peer.posts.post({ text: TEXT })
    expect((await peer.log.chain(me))?.head.seq).to.equal(head + 1)
    expect(await foundIn(folder.at('data'), [OLD_TEXT, TEXT])).to.deep.equal([])
  })

  it('[ST111] [ST112] goes on after a kill at any moment, and leaves alone what came later', async () => {
    const data = folder.at('data')
    const { device, head } = await writeOldHome(data, 60)
    let kills = 0

    for (let wait = 0; ; wait += 15) {
      const child = spawn(process.execPath, [opening, data], { stdio: ['ignore', 'pipe', 'inherit'] })
      const closed = once(child, 'close')
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const { value } = await lines.next()

      expect(value).to.equal('begun')

      // kills it after so much time, which is where it happens to be then
      const timer = setTimeout(() => { child.kill('SIGKILL') }, wait)
      const end = await lines.next()

      clearTimeout(timer)
      child.kill('SIGKILL')
      await closed

      if (end.done !== true) {
        break
      }

      kills++
    }

    expect(kills).to.be.above(0)

    const { peer } = await start()
    const me = peer.account.requireMe()
    const view = (await peer.walls.open(me.space)).view()

    expect(me.device).to.equal(device)
    expect((await peer.log.chain(me))?.head.seq).to.equal(head)
    expect(view.posts).to.have.lengthOf(61)

    for (const { images } of view.posts) {
      for (const { small, large } of images ?? []) {
        expect(await peer.media.has(small.cid) && await peer.media.has(large.cid)).to.equal(true)
      }
    }
  })
})
