import { join } from 'node:path'
import { percentile } from '../percentile.ts'
import { benchProgram } from '../programs.ts'
import type { Bench, BenchContext, Measures } from '../bench.ts'

const POSTS = 10_000
const ROUNDS = 3
const CATCH_UP_MS = 120_000

interface Sender {
  addresses: string[]
  space: string
}

interface Round {
  seconds: number
  bytes: number
  verifyRate: number
}

/** One program after the other, each with an empty store of its own, so that nothing is warm */
async function receive ({ start, work, signal }: BenchContext, sender: Sender, signatures: 'heads' | 'all', round: number): Promise<Round> {
  const name = `receiver-${signatures}-${round}`
  const program = start({
    name,
    script: benchProgram('catch-up/receiver'),
    args: [
      '--folder', join(work, name), '--addresses', sender.addresses.join(','), '--space', sender.space, '--posts', String(POSTS),
      '--signatures', signatures
    ]
  })
  const done = await program.event<Round & { event: string }>(({ event }) => event === 'done', { signal, timeout: CATCH_UP_MS })

  await program.ended

  return done
}

function median (rounds: Round[], measure: (round: Round) => number): number {
  return percentile(rounds.map(measure), 0.5)
}

function summarize (rounds: Round[]): Measures & { ratio: number } {
  return {
    postsPerSecond: median(rounds, ({ seconds }) => POSTS / seconds),
    bytesPerPost: median(rounds, ({ bytes }) => bytes / POSTS),
    ratio: median(rounds, ({ seconds, verifyRate }) => POSTS / seconds / verifyRate)
  }
}

export const bench: Bench = {
  title: `${POSTS} posts from one Node to another, TCP on loopback, durable at the end (medians of ${ROUNDS}): with a signed head, and checking every signature; ratio to the Ed25519 signatures that one core verifies natively in a second`,

  async run (context) {
    const program = context.start({
      name: 'sender',
      script: benchProgram('catch-up/sender'),
      args: ['--folder', join(context.work, 'sender'), '--posts', String(POSTS)]
    })

    context.progress(`a wall of ${POSTS} posts is being written`)

    const sender = await program.event<Sender>(({ addresses }) => addresses != null, { signal: context.signal, timeout: CATCH_UP_MS })
    const rounds: Record<'heads' | 'all', Round[]> = { heads: [], all: [] }

    for (let i = 0; i < ROUNDS; i++) {
      for (const signatures of ['heads', 'all'] as const) {
        context.progress(`round ${i + 1}: ${signatures}`)
        rounds[signatures].push(await receive(context, sender, signatures, i))
      }
    }

    const { ratio: headRatio, ...signedHead } = summarize(rounds.heads)
    const { ratio: everyRatio, ...everySignature } = summarize(rounds.all)

    return {
      posts: POSTS,
      signedHead,
      everySignature,
      ed25519Verify: median([...rounds.heads, ...rounds.all], ({ verifyRate }) => verifyRate),
      ratio: { ed25519Verify: headRatio, ed25519VerifyEverySignature: everyRatio }
    }
  }
}
