/**
 * Keeps walls coming: for each wall somebody here is interested in, the connected relays are asked to follow it, a sync is open with whoever may
 * have it, and gossip is heard. What is lost with a connection is begun again with the next. What own devices share is kept in the same way, with
 * them and one's own relays only, and without gossip, which would name its topic to everybody who is connected.
 */
import { isPrivateSpace } from '../space/index.ts'
import { Arrivals } from './arrivals.ts'
import { createHearing } from './hearing.ts'
import { Openings } from './openings.ts'
import { findPartners } from './partners.ts'
import { Visits } from './visits.ts'
import type { Account } from './account.ts'
import type { Hearing } from './hearing.ts'
import type { PeerNetwork } from './network.ts'
import type { Partners } from './partners.ts'
import type { Settings } from './settings.ts'
import type { Walls } from './walls.ts'
import type { GossipMessage, GossipVerdict } from '../gossip/index.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { Log } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { PeerId } from '@libp2p/interface'

/** A wall that somebody here is interested in */
export interface Interest {
  readonly space: SpaceId
  /** How many ask for it: being followed, being one's own, each page that shows it */
  users: number
  /** The relays that the wall itself names, as JSON, when relays were told of them last */
  told: string
}

export interface KeeperInit {
  account: Account
  log: Log
  walls: Walls
  settings: Settings
  network: PeerNetwork
  /** Own other devices and contacts that proved who they are */
  isTrusted (peer: PeerId): boolean
  /** Own other devices that proved it, and one's own relays */
  isOwn (peer: PeerId): boolean
}

export interface Keeper {
  start (): void
  stop (): void
  /** Begins to keep a wall; once for each `release` */
  keep (space: SpaceId, relays: RelayInfo[]): void
  release (space: SpaceId): void
  keeps (space: SpaceId): boolean
  /** Begins with a peer that is connected and trusted now */
  engage (peer: PeerId): void
  /** Resolves when somebody who has the wall has sent all of it. @throws {NotWatchedError} if it is not kept, or released meanwhile */
  caughtUp (space: SpaceId, options?: AbortOptions): Promise<void>
  /** Whom to ask for media of a wall, the nearest first */
  providers (space: SpaceId): PeerId[]
  validate (message: GossipMessage): Promise<GossipVerdict>
  admits (space: SpaceId, peer: PeerId): boolean
}

class WallKeeper implements Keeper {
  readonly #init: KeeperInit
  readonly #interests = new Map<SpaceId, Interest>()
  readonly #arrivals: Arrivals
  readonly #hearing: Hearing
  readonly #openings: Openings
  readonly #partners: Partners
  readonly #visits: Visits
  readonly #abort = new AbortController()

  constructor (init: KeeperInit) {
    /** The relays that a wall itself names: public, unlike those of an invite */
    const reach = (space: SpaceId): RelayInfo[] => init.walls.peek(space)?.view().relays ?? []

    this.#init = init
    this.#hearing = createHearing({ ...init, gossip: init.network.services.gossip, keeps: space => this.keeps(space) })
    this.#partners = findPartners(init)
    this.#visits = new Visits({ ...init, reach })
    this.#arrivals = new Arrivals({
      log: init.log,
      sync: init.network.services.sync,
      follow: init.network.services.follow,
      isRelay: peer => this.#partners.isRelay(peer),
      isComing: (relay, space) => this.#visits.isComing(relay.toString(), space)
    })
    this.#openings = new Openings({
      ...init, interests: this.#interests, partners: this.#partners, visits: this.#visits, reach, admits: (space, peer) => this.admits(space, peer)
    })
  }

  start (): void {
    const { signal } = this.#abort

    this.#openings.start(signal)
    this.#hearing.start(signal)
    this.#arrivals.start(signal)
  }

  stop (): void {
    this.#abort.abort()
    this.#visits.stop()
  }

  keep (space: SpaceId, relays: RelayInfo[]): void {
    const known = this.#interests.get(space)

    if (known != null) {
      known.users++

      if (!isPrivateSpace(space)) {
        this.#visits.keep(space, relays)
      }

      return
    }

    const interest: Interest = { space, users: 1, told: '[]' }

    this.#interests.set(space, interest)
    this.#arrivals.keep(space)

    if (!isPrivateSpace(space)) {
      this.#hearOf(interest, relays)
    }

    this.#openings.open(interest)
  }

  release (space: SpaceId): void {
    const interest = this.#interests.get(space)

    if (interest == null || --interest.users > 0) {
      return
    }

    this.#interests.delete(space)
    this.#arrivals.release(space)
    this.#openings.close(space)

    if (!isPrivateSpace(space)) {
      this.#init.network.services.gossip.unsubscribe(space)
      this.#visits.release(space)
    }
  }

  keeps (space: SpaceId): boolean {
    return this.#interests.has(space)
  }

  engage (peer: PeerId): void {
    this.#openings.engage(peer)
  }

  async caughtUp (space: SpaceId, options?: AbortOptions): Promise<void> {
    await this.#arrivals.here(space, options)
    await this.#init.walls.settled()
  }

  #hearOf (interest: Interest, relays: RelayInfo[]): void {
    const { space } = interest

    this.#init.network.services.gossip.subscribe(space)
    // what the wall itself says of where it can be had is known once it is read
    void this.#init.walls.open(space).catch(() => {}).then(() => {
      if (this.#interests.get(space) === interest && !this.#abort.signal.aborted) {
        this.#visits.keep(space, relays)
      }
    })
  }

  providers (space: SpaceId): PeerId[] {
    return this.#partners.providers(space)
  }

  admits (space: SpaceId, peer: PeerId): boolean {
    const { isOwn, isTrusted } = this.#init

    return this.#interests.has(space) && (isPrivateSpace(space) ? isOwn(peer) : this.#partners.isRelay(peer) || isTrusted(peer))
  }

  async validate (message: GossipMessage): Promise<GossipVerdict> {
    return this.#hearing.validate(message)
  }
}

export function createKeeper (init: KeeperInit): Keeper {
  return new WallKeeper(init)
}
