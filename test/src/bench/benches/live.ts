import { measureEcho } from '../echo/measure.ts'
import { runLive } from '../live/run.ts'
import { percentile } from '../percentile.ts'
import type { Bench } from '../bench.ts'

const FOLLOWERS = [10, 10, 9, 9, 9]
const PAGES = 3
const POSTS = 100
const INTERVAL_MS = 200

/** Posts did not reach everybody */
export class LostPostError extends Error {
  override name = 'LostPostError'
}

export const bench: Bench = {
  title: '50 followers through one relay: milliseconds from the author\'s call to the post on a follower\'s wall, and their ratio to a 300-byte libp2p echo (round trip between two processes over TCP on loopback, median)',

  async run (context) {
    let echoes: number[] = []
    const { followers, latencies, lost } = await runLive(context, {
      followers: FOLLOWERS,
      pages: PAGES,
      posts: POSTS,
      interval: INTERVAL_MS,
      whenReady: async () => { echoes = await measureEcho(context) }
    })

    if (lost.length > 0) {
      const named = lost.slice(0, 10).map(({ follower, post }) => `post ${post} at follower ${follower}`).join(', ')

      throw new LostPostError(`${lost.length} of ${followers * POSTS} never arrived: ${named}`)
    }

    const echo = { p50: percentile(echoes, 0.5), p99: percentile(echoes, 0.99) }
    const live = { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }

    return {
      followers,
      processes: FOLLOWERS.length,
      pages: PAGES,
      posts: POSTS,
      delivered: latencies.length,
      live,
      echo,
      ratio: { p50: live.p50 / echo.p50, p99: live.p99 / echo.p50 }
    }
  }
}
