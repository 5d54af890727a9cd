/** Authors' relays that are dialled here, because no relay of one's own brings their walls. */
import { VISIT_PATIENCE_MS } from './constants.ts'
import type { PeerNetwork } from './network.ts'
import type { Settings } from './settings.ts'
import type { SpaceId } from '../ids.ts'
import type { RelayInfo } from '../relay-info/index.ts'

export interface VisitsInit {
  settings: Settings
  network: PeerNetwork
  /** The relays that a wall itself names */
  reach (space: SpaceId): RelayInfo[]
}

interface Visited {
  /** Where it could be had when it was asked for */
  given: RelayInfo[]
  /** Relays that say that they bring it */
  coming: Set<string>
  /** Relays of one's own had their time to say so */
  waited: boolean
  timer?: ReturnType<typeof setTimeout>
}

export class Visits {
  readonly #init: VisitsInit
  readonly #walls = new Map<SpaceId, Visited>()
  /** Relays that are not one's own, by PeerId: how they are reached, and the walls that need them */
  readonly #relays = new Map<string, { way: string, users: Set<SpaceId> }>()

  constructor (init: VisitsInit) {
    this.#init = init
  }

  stop (): void {
    this.#walls.forEach(({ timer }) => { clearTimeout(timer) })
    this.#walls.clear()
  }

  keep (space: SpaceId, relays: RelayInfo[]): void {
    const wall = this.#walls.get(space) ?? { given: relays, coming: new Set(), waited: false }

    wall.given = wall.given.length === 0 ? relays : wall.given
    this.#walls.set(space, wall)
    void this.decide(space)
  }

  release (space: SpaceId): void {
    clearTimeout(this.#walls.get(space)?.timer)
    this.#walls.delete(space)
    void this.decide(space)
  }

  /** A relay said whether it brings a wall, or that it will not */
  heard (relay: string, space: SpaceId, said: 'coming' | 'not yet' | 'refused'): void {
    const wall = this.#walls.get(space)

    if (wall == null) {
      return
    }

    if (said === 'coming') {
      wall.coming.add(relay)
    } else {
      wall.coming.delete(relay)
      wall.waited ||= said === 'refused'
    }

    void this.decide(space)
  }

  /** Whether a relay says that it brings a wall */
  isComing (relay: string, space: SpaceId): boolean {
    return this.#walls.get(space)?.coming.has(relay) === true
  }

  /** There is no connection to a relay any more */
  lost (relay: string): void {
    for (const [space, { coming }] of this.#walls) {
      coming.delete(relay)
      void this.decide(space)
    }
  }

  /** Dials the relays of a wall, or leaves them */
  async decide (space: SpaceId): Promise<void> {
    const { settings, network, reach } = this.#init
    const own = new Set((await settings.relays.get()).map(({ peer }) => peer))
    const wall = this.#walls.get(space)

    if (wall == null) {
      this.#leave(space, own)
      return
    }

    const named = reach(space)
    const connected = network.getConnections().filter(({ status }) => status === 'open').map(({ remotePeer }) => remotePeer.toString())
    const isBrought = connected.some(peer => own.has(peer) && (wall.coming.has(peer) || named.some(info => info.peer === peer)))
    const isVisited = [...this.#relays.values()].some(({ users }) => users.has(space))

    if (isBrought) {
      clearTimeout(wall.timer)
      wall.timer = undefined
      wall.waited = false
      this.#leave(space, own)
    } else if (own.size > 0 && named.length > 0 && !wall.waited && !isVisited) {
      wall.timer ??= setTimeout(() => {
        wall.timer = undefined
        wall.waited = true
        void this.decide(space)
      }, VISIT_PATIENCE_MS)
    } else {
      this.#visit(space, named.length > 0 ? named : wall.given, own)
    }
  }

  #visit (space: SpaceId, relays: RelayInfo[], own: Set<string>): void {
    for (const info of relays) {
      const known = this.#relays.get(info.peer)
      const way = JSON.stringify([info.addrs, info.path])

      if (own.has(info.peer) || known?.users.has(space) === true) {
        continue
      }

      this.#relays.set(info.peer, { way, users: (known?.users ?? new Set()).add(space) })

      // to add it again would begin a try anew that is under way
      if (known?.way !== way) {
        this.#init.network.services.supervisor.add(info)
      }
    }
  }

  #leave (space: SpaceId, own: Set<string>): void {
    for (const [peer, { users }] of this.#relays) {
      if (users.delete(space) && users.size === 0) {
        this.#relays.delete(peer)

        if (!own.has(peer)) {
          this.#init.network.services.supervisor.remove(peer)
        }
      }
    }
  }
}
