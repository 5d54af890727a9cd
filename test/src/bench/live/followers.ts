/**
 * Some of the followers: peers with their own identities that follow a wall through its relay, all in this process. Tells when all see the
 * wall, when all have seen every post, and, asked to end, at what time who saw which.
 */
import { parseArgs } from 'node:util'
import { decodeInvite, memoryStore, publicWall } from '@pergola/protocols'
import { createPeer } from '@pergola/protocols/peer'
import { wallClock } from '../clock.ts'
import { asked, tell } from '../programs.ts'
import { memoryKeys } from './memory-keys.ts'
import { numberIn } from './post-text.ts'
import type { Invite, SpaceId } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

/** When a follower first saw the wall, and each post by its number */
interface Sight {
  wall: boolean
  posts: Map<number, number>
}

async function startFollower (invite: Invite, name: string, watch: (peer: Peer) => void): Promise<Peer> {
  const peer = await createPeer({ role: 'client', store: memoryStore(), blocks: memoryStore(), keys: memoryKeys() })

  watch(peer)
  await peer.start()
  await peer.addRelay(invite.relays[0])
  await peer.join(name)
  await peer.follow(publicWall(invite.identity), invite.relays)

  return peer
}

function look (peer: Peer, space: SpaceId, sight: Sight): void {
  const now = wallClock()

  for (const { text } of peer.walls.peek(space)?.view().posts ?? []) {
    const number = numberIn(text)

    sight.wall = true

    if (number != null && !sight.posts.has(number)) {
      sight.posts.set(number, now)
    }
  }
}

async function main (): Promise<void> {
  const { values } = parseArgs({ options: { link: { type: 'string' }, count: { type: 'string' }, posts: { type: 'string' } } })
  const invite = decodeInvite(values.link ?? '')
  const space = publicWall(invite.identity)
  const count = Number(values.count)
  const posts = Number(values.posts)
  const sights = Array.from({ length: count }, (): Sight => ({ wall: false, posts: new Map() }))
  const ending = asked()
  let told: 'nothing' | 'ready' | 'complete' = 'nothing'

  function report (): void {
    if (told === 'nothing' && sights.every(({ wall }) => wall)) {
      told = 'ready'
      tell({ event: 'ready' })
    }

    if (told === 'ready' && sights.every(sight => sight.posts.size === posts)) {
      told = 'complete'
      tell({ event: 'complete' })
    }
  }

  const peers = await Promise.all(sights.map(async (sight, i) => startFollower(invite, `Reader ${i}`, peer => {
    peer.walls.addEventListener('wall:changed', ({ detail }) => {
      if (detail.space === space) {
        look(peer, space, sight)
        report()
      }
    })
  })))

  await ending
  tell({ event: 'seen', followers: sights.map(sight => [...sight.posts]) })
  await Promise.all(peers.map(async peer => peer.stop()))
}

await main()
// WebRTC keeps a process alive after everything has been stopped
process.exit(0)
