import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'aegir/chai'
import { openLevelStore } from '../../../src/storage/level.ts'
import { openSealedStore, salvageSealedStore } from '../../../src/storage/sealed/index.ts'
import { checkTree } from './check-tree.ts'
import { all, makeKeys } from './make-sealed.ts'

const WRITER = fileURLToPath(new URL('sealed-writer.ts', import.meta.url))
const KILLS = 6

describe('sealed store, killed', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-sealed-kill-'))
  })

  after(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  /** Writes until it has acknowledged so many, and is killed in the middle of the next */
  async function killAfter (path: string, acks: number): Promise<number> {
    const child = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''

    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk

      if (said.split('\n').length > acks) {
        child.kill('SIGKILL')
      }
    })

    await once(child, 'close')

    return [...said.matchAll(/ack (\d+)\n/g)].length
  }

  it('[ST66] has every acknowledged write after kill -9, and nothing to salvage', async function () {
    this.timeout(120_000)

    for (let kill = 0; kill < KILLS; kill++) {
      // the same folder again and again, so that each time goes on with what the last one left
      const path = join(folder, 'store')
      const acked = await killAfter(path, 1 + Math.floor(Math.random() * 150))
      const init = { store: await openLevelStore(path), keys: await makeKeys(new Uint8Array(32)) }
      expect(await salvageSealedStore(init)).to.deep.equal({ lost: [], uncertain: [] })
      await checkTree(init.store, init.keys)

      const store = await openSealedStore(init)
      expect(acked).to.be.above(0)

      for (let n = 0; n < acked; n++) {
        const value = await store.get(new TextEncoder().encode(`record-${String(n).padStart(6, '0')}`))
        expect(value?.[0], `record ${n} of kill ${kill}`).to.equal(n & 0xff)
      }

      await store.batch((await all(store)).map(([key]) => ({ type: 'delete', key })))
      await store.close()
      await init.store.close()
    }
  })
})
