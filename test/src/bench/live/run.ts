import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeRelayInfo, memoryStore } from '@pergola/protocols'
import { createPeer } from '@pergola/protocols/peer'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { ProgramSilentError } from '../../processes.ts'
import { wallClock } from '../clock.ts'
import { benchProgram } from '../programs.ts'
import { memoryKeys } from './memory-keys.ts'
import { openFollowingPage } from './pages.ts'
import { numberedText } from './post-text.ts'
import type { Program } from '../../processes.ts'
import type { BenchContext } from '../bench.ts'
import type { Peer } from '@pergola/protocols/peer'

const READY_MS = 120_000
const COMPLETE_MS = 60_000

export interface LiveInit {
  /** Followers in each process */
  followers: number[]
  /** Followers that are pages in browsers of their own */
  pages: number
  posts: number
  /** Milliseconds from one post to the next; 0: each as soon as the one before is durable */
  interval: number
  /** Done when everybody follows, before the first post */
  whenReady? (): Promise<void>
}

export interface LiveResult {
  followers: number
  /** Milliseconds from the author's call to the post being on a follower's wall, one for each follower and post */
  latencies: number[]
  /** What did not arrive: number of the follower and of the post */
  lost: Array<{ follower: number, post: number }>
}

interface Relay {
  url: string
  invite: string
}

type Sightings = Array<[post: number, at: number]>

async function startRelay ({ start, work }: BenchContext): Promise<Relay> {
  const program = start({
    name: 'relay',
    script: 'relay/dist/src/main.js',
    args: ['--json', '--data', join(work, 'relay'), '--port', '0', '--stun-port', '0', '--webrtc-port', '0']
  })

  return program.event<Relay & { event: string }>(({ event }) => event === 'ready')
}

async function startAuthor ({ later, work, signal }: BenchContext, relay: Relay): Promise<Peer> {
  const store = await openLevelStore(join(work, 'author'))

  later(async () => store.close())

  const author = await createPeer({ role: 'client', store, blocks: memoryStore(), keys: memoryKeys() })

  later(async () => author.stop())
  await author.start()
  await author.addRelay(decodeRelayInfo(Buffer.from(new URL(relay.invite).hash.replace('#relay=', ''), 'base64url')))
  await author.join('Ada')

  while (author.connection().light !== 'green') {
    await once(author, 'connection:changed', { signal })
  }

  await author.posts.post({ text: 'Hello' })

  return author
}

/** At what time each follower of a process saw what; also if it never saw all */
async function collect (program: Program, signal: AbortSignal): Promise<Sightings[]> {
  await program.event<{ event: string }>(({ event }) => event === 'complete', { signal, timeout: COMPLETE_MS }).catch(err => {
    if (!(err instanceof ProgramSilentError)) {
      throw err
    }
  })
  await program.stop()

  return (await program.event<{ followers: Sightings[] }>(({ followers }) => followers != null)).followers
}

/**
 * A relay, an author, and followers in processes and pages of their own: the author writes, and who saw it when is written down. The author
 * is in this process.
 */
export async function runLive (context: BenchContext, init: LiveInit): Promise<LiveResult> {
  const { start, later, work, signal, progress } = context
  const relay = await startRelay(context)
  const author = await startAuthor(context, relay)
  const link = `${relay.url}/#i=${await author.createPublicLink()}`

  progress(`${init.followers.length} processes and ${init.pages} pages begin to follow`)

  const programs = init.followers.map((count, i) => start({
    name: `followers-${i + 1}`,
    script: benchProgram('live/followers'),
    args: ['--link', link, '--count', String(count), '--posts', String(init.posts)]
  }))
  const pages = await Promise.all(Array.from({ length: init.pages }, async (_, i) => {
    const page = await openFollowingPage(join(work, 'browsers'), link, `Page ${i + 1}`)

    later(page.close)

    return page
  }))

  await Promise.all(programs.map(async program => program.event<{ event: string }>(({ event }) => event === 'ready', { signal, timeout: READY_MS })))
  await init.whenReady?.()
  progress(`${init.posts} posts, one every ${init.interval} ms`)

  const written: number[] = []
  const begin = wallClock()

  for (let i = 0; i < init.posts; i++) {
    await delay(Math.max(0, begin + i * init.interval - wallClock()), undefined, { signal })
    written.push(wallClock())
    await author.posts.post({ text: numberedText(i, init.posts) })
  }

  const seen = (await Promise.all([
    ...programs.map(async program => collect(program, signal)),
    ...pages.map(async page => {
      await page.complete(init.posts, { timeout: COMPLETE_MS }).catch(() => {})

      return [await page.seen()]
    })
  ])).flat().map(sightings => new Map(sightings))

  return {
    followers: seen.length,
    latencies: seen.flatMap(posts => [...posts].map(([post, at]) => at - written[post])),
    lost: seen.flatMap((posts, follower) => written.flatMap((_, post) => posts.has(post) ? [] : [{ follower, post }]))
  }
}
