import { isPrivateSpace } from '@pergola/protocols'
import type { WallServices } from './index.ts'
import type { PrivateSpaces } from './private-spaces.ts'
import type { Libp2p, PeerId } from '@libp2p/interface'
import type { SpaceId } from '@pergola/protocols'
import type { Follow } from '@pergola/protocols/follow'

export interface InStepInit {
  libp2p: Libp2p<WallServices>
  spaces: PrivateSpaces
  /** Whether a wall is dropped when nobody who lacks it wants it any more */
  forgets: boolean
  /** Other relays that have the blocks of a wall that a peer reads */
  upstream (peer: PeerId, space: SpaceId): PeerId[]
}

export interface InStep {
  start (): void
  /** Resolves when nothing is being dropped any more: the store may be closed then */
  stop (): Promise<void>
  /** Who may have the blocks of the walls that a peer reads */
  sourcesFor (peer: PeerId): PeerId[]
}

/** Whether somebody wants a space who does not hold it already. Of a private one everybody may hold what the others lack */
export function hasReader (follow: Follow, space: SpaceId): boolean {
  const offers = new Set(follow.offers(space).map(String))
  const followers = follow.followers(space)

  return followers.some(peer => !offers.has(peer.toString())) || (followers.length > 1 && isPrivateSpace(space))
}

/** A wall that somebody reads is fetched from all who offer it */
export function keepInStep ({ libp2p, spaces, forgets, upstream }: InStepInit): InStep {
  const { follow, sync } = libp2p.services
  /** Walls that a connected peer has opened, by the text of its PeerId */
  const reads = new Map<string, Set<SpaceId>>()
  const dropping = new Set<Promise<void>>()
  let abort = new AbortController()

  function opened (peer: PeerId, space: SpaceId): void {
    const name = peer.toString()

    spaces.opened(space, name)
    reads.set(name, (reads.get(name) ?? new Set<SpaceId>()).add(space))

    for (const source of follow.offers(space)) {
      if (!source.equals(peer)) {
        // whoever offers opened a sync as well, and was turned away if nobody wanted the wall then
        void sync.open(source, space).catch(() => {})
      }
    }
  }

  function left (peer: PeerId): void {
    const before = reads.get(peer.toString())

    reads.delete(peer.toString())

    for (const space of before ?? []) {
      forget(space)
    }
  }

  function forget (space: SpaceId): void {
    if (forgets && !hasReader(follow, space)) {
      const drop = spaces.drop(space).finally(() => { dropping.delete(drop) })

      dropping.add(drop)
    }
  }

  return {
    start () {
      abort = new AbortController()
      sync.addEventListener('space:opened', ({ detail }) => { opened(detail.peer, detail.space) }, { signal: abort.signal })
      follow.addEventListener('space:unwanted', ({ detail }) => { forget(detail.space) }, { signal: abort.signal })
      libp2p.addEventListener('peer:disconnect', ({ detail }) => { left(detail) }, { signal: abort.signal })
    },

    async stop () {
      abort.abort()
      reads.clear()
      await Promise.all(dropping)
    },

    sourcesFor (peer) {
      const sources = new Map<string, PeerId>()

      for (const space of reads.get(peer.toString()) ?? []) {
        for (const source of [...follow.offers(space), ...upstream(peer, space)]) {
          if (!source.equals(peer)) {
            sources.set(source.toString(), source)
          }
        }
      }

      return [...sources.values()]
    }
  }
}
