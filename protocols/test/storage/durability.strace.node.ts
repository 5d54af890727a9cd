/** Needs `strace`: whoever runs many suites at once does better to run this one when the disk is quiet. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'aegir/chai'
import { findEarlyAcks } from './system-calls.ts'
import type { Acknowledged } from './system-calls.ts'

const WRITER = fileURLToPath(new URL('durable-writer.ts', import.meta.url))
/** So few that they are in the first block of one log, where no record is cut in two */
const COUNT = 200

describe('durability, by system calls', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-durability-'))
  })

  after(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  async function trace (durability: 'strict' | 'relaxed'): Promise<Acknowledged> {
    const file = join(folder, `${durability}.trace`)
    const child = spawn('strace', [
      '-f', '-s', '4096', '-e', 'trace=openat,write,fdatasync,fsync', '-o', file,
      process.execPath, WRITER, join(folder, durability), durability, `${COUNT}`
    ], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said += chunk })

    const [code] = await once(child, 'close').catch((err: NodeJS.ErrnoException) => {
      throw err.code === 'ENOENT' ? new Error('There is no strace on this machine: please install it (on Debian and Ubuntu: `sudo apt-get install -y strace`).') : err
    })

    expect(code, said).to.equal(0)

    return findEarlyAcks(await readFile(file, 'utf8'))
  }

  it('[ST12] acknowledges no strict write before a sync of the log that has it returned', async function () {
    this.timeout(60_000)

    const { acked, early, syncs } = await trace('strict')

    expect(acked.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: COUNT }, (_, n) => n))
    expect(early).to.deep.equal([])
    // writes that wait for the same sync share it
    expect(syncs).to.be.within(100, COUNT)
  })

  it('[ST12] would notice: relaxed writes are acknowledged before', async function () {
    this.timeout(60_000)

    const { acked, early } = await trace('relaxed')

    expect(acked).to.have.lengthOf(COUNT)
    expect(early).to.have.lengthOf(COUNT)
  })
})
