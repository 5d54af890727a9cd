import { join } from 'node:path'
import { benchProgram } from '../programs.ts'
import type { BenchContext } from '../bench.ts'

const WRITE_MS = 120_000
const CATCH_UP_MS = 120_000

/** A program that has a wall and gives it away */
export interface Sender {
  addresses: string[]
  space: string
  posts: number
}

export interface Round {
  seconds: number
  /** What the receiver read from its socket for it */
  bytes: number
  /** Signatures verified natively on one core in a second, just before and just after */
  verifyRate: number
  /** Entries that are durable in the end */
  held: number
}

export async function startSender ({ start, work, signal }: BenchContext, posts: number): Promise<Sender> {
  const program = start({
    name: 'sender',
    script: benchProgram('catch-up/sender'),
    args: ['--folder', join(work, 'sender'), '--posts', String(posts)]
  })
  const { addresses, space } = await program.event<Sender>(({ addresses }) => addresses != null, { signal, timeout: WRITE_MS })

  return { addresses, space, posts }
}

/** A program with an empty store of its own fetches the wall, so that nothing is warm */
export async function receive ({ start, work, signal }: BenchContext, sender: Sender, signatures: 'heads' | 'all', round: number): Promise<Round> {
  const name = `receiver-${signatures}-${round}`
  const program = start({
    name,
    script: benchProgram('catch-up/receiver'),
    args: [
      '--folder', join(work, name), '--addresses', sender.addresses.join(','), '--space', sender.space, '--posts', String(sender.posts),
      '--signatures', signatures
    ]
  })
  const done = await program.event<Round & { event: string }>(({ event }) => event === 'done', { signal, timeout: CATCH_UP_MS })

  await program.ended

  return done
}
