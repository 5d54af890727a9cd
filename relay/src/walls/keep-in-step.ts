import type { WallServices } from './index.ts'
import type { SpaceId } from '@pergola/protocols'
import type { Log } from '@pergola/protocols/log'
import type { Libp2p, PeerId } from '@libp2p/interface'

export interface InStepInit {
  libp2p: Libp2p<WallServices>
  log: Log
  /** Whether a wall is dropped when nobody wants it any more */
  forgets: boolean
}

export interface InStep {
  start (): void
  stop (): void
  /** Who may have the blocks of the walls that a peer wants */
  sourcesFor (peer: PeerId): PeerId[]
}

/** A wall that somebody wants is fetched from all who offer it */
export function keepInStep ({ libp2p, log, forgets }: InStepInit): InStep {
  const { follow, sync } = libp2p.services
  let abort = new AbortController()

  async function fetch (space: SpaceId): Promise<void> {
    for (const peer of follow.offers(space)) {
      // whoever offers opens a sync as well; this one is for those whom the relay turned away while nobody wanted the wall
      await sync.open(peer, space).catch(() => {})
    }
  }

  return {
    start () {
      abort = new AbortController()
      follow.addEventListener('space:wanted', ({ detail }) => { void fetch(detail.space) }, { signal: abort.signal })
      follow.addEventListener('space:unwanted', ({ detail }) => {
        if (forgets) {
          void log.dropSpace(detail.space)
        }
      }, { signal: abort.signal })
    },

    stop () {
      abort.abort()
    },

    sourcesFor (peer) {
      const sources = new Map<string, PeerId>()

      for (const space of follow.spaces(peer)) {
        for (const source of follow.offers(space)) {
          if (!source.equals(peer)) {
            sources.set(source.toString(), source)
          }
        }
      }

      return [...sources.values()]
    }
  }
}
