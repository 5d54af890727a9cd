import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'aegir/chai'
import { openLevelStore } from '../../src/storage/level.ts'

const WRITER = fileURLToPath(new URL('durable-writer.ts', import.meta.url))
const KILLS = 10
const MAX_OPEN_MS = 5_000

describe('level, killed', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-kill-'))
  })

  after(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  /** Writes until it has acknowledged so many, and is killed in the middle of the next */
  async function killAfter (path: string, acks: number): Promise<number[]> {
    const child = spawn(process.execPath, [WRITER, path, 'strict', '100000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''

    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk

      if (said.split('\n').length > acks) {
        child.kill('SIGKILL')
      }
    })

    await once(child, 'close')

    return [...said.matchAll(/ack (\d+)\n/g)].map(([, n]) => Number(n))
  }

  it('[ST13] has every acknowledged write after kill -9, and opens in under 5 s', async function () {
    this.timeout(120_000)

    for (let kill = 0; kill < KILLS; kill++) {
      // the same folder again and again, so that recovery works on what recovery left
      const path = join(folder, 'store')
      const acked = await killAfter(path, 1 + Math.floor(Math.random() * 300))
      const start = performance.now()
      const store = await openLevelStore(path)

      expect(performance.now() - start).to.be.below(MAX_OPEN_MS)
      expect(acked).to.not.be.empty()

      for (const n of acked) {
        const record = new TextEncoder().encode(`record-${String(n).padStart(6, '0')}`)
        expect(await store.get(record), `record ${n} of kill ${kill}`).to.deep.equal(record)
      }

      await store.batch(acked.map(n => ({ type: 'delete', key: new TextEncoder().encode(`record-${String(n).padStart(6, '0')}`) })))
      await store.close()
    }
  })
})
