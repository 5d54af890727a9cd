import { receive, startSender } from '../catch-up/run.ts'
import { percentile } from '../percentile.ts'
import type { Bench, Measures } from '../bench.ts'
import type { Round } from '../catch-up/run.ts'

const POSTS = 10_000
const ROUNDS = 3

function median (rounds: Round[], measure: (round: Round) => number): number {
  return percentile(rounds.map(measure), 0.5)
}

function ratio (rounds: Round[]): number {
  return median(rounds, ({ seconds, verifyRate }) => POSTS / seconds / verifyRate)
}

function summarize (rounds: Round[]): Measures {
  return {
    postsPerSecond: median(rounds, ({ seconds }) => POSTS / seconds),
    bytesPerPost: median(rounds, ({ bytes }) => bytes / POSTS)
  }
}

export const bench: Bench = {
  title: `${POSTS} posts from one Node to another, TCP on loopback, durable at the end (medians of ${ROUNDS}): with a signed head, and checking every signature; ratio to the Ed25519 signatures that one core verifies natively in a second`,

  async run (context) {
    context.progress(`a wall of ${POSTS} posts is being written`)

    const sender = await startSender(context, POSTS)
    const rounds: Record<'heads' | 'all', Round[]> = { heads: [], all: [] }

    for (let i = 0; i < ROUNDS; i++) {
      for (const signatures of ['heads', 'all'] as const) {
        context.progress(`round ${i + 1}: ${signatures === 'heads' ? 'signed head' : 'every signature'}`)
        rounds[signatures].push(await receive(context, sender, signatures, i))
      }
    }

    return {
      posts: POSTS,
      signedHead: summarize(rounds.heads),
      everySignature: summarize(rounds.all),
      ed25519Verify: median([...rounds.heads, ...rounds.all], ({ verifyRate }) => verifyRate),
      ratio: { ed25519Verify: ratio(rounds.heads), ed25519VerifyEverySignature: ratio(rounds.all) }
    }
  }
}
