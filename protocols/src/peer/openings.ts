/** Begins to keep walls in step with partners, and begins again with what was lost, was refused or has failed. */
import { isPrivateSpace } from '../space/index.ts'
import { Timers } from './timers.ts'
import type { Interest, KeeperInit } from './keeper.ts'
import type { Partners } from './partners.ts'
import type { Visits } from './visits.ts'
import type { SpaceId } from '../ids.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { PeerId } from '@libp2p/interface'

/** After a stream broke while the connection stands */
const REOPEN_MS = 2_000
/** After a stream could not be opened */
const FAILED_MS = 10_000
/** Longest time between two attempts to have a wall from a relay that refuses it */
const MAX_REFUSED_MS = 60_000

export interface OpeningsInit extends Pick<KeeperInit, 'account' | 'network' | 'settings' | 'walls'> {
  interests: ReadonlyMap<SpaceId, Interest>
  partners: Partners
  visits: Visits
  /** The relays that a wall itself names */
  reach (space: SpaceId): RelayInfo[]
  /** Whether a space is kept in step with a peer */
  admits (space: SpaceId, peer: PeerId): boolean
}

export class Openings {
  readonly #init: OpeningsInit
  readonly #timers = new Timers()
  /** By relay and wall: how long to wait before a refused wall is asked for again */
  readonly #refused = new Map<string, number>()

  constructor (init: OpeningsInit) {
    this.#init = init
  }

  /** Until the signal fires */
  start (signal: AbortSignal): void {
    const { interests, network, visits, walls } = this.#init
    const { sync, supervisor, follow } = network.services

    signal.addEventListener('abort', () => { this.#timers.stop() }, { once: true })
    supervisor.addEventListener('relay:connected', ({ detail }) => { this.engage(detail.peer) }, { signal })
    supervisor.addEventListener('state:changed', ({ detail }) => {
      if (detail.state !== 'connected') {
        visits.lost(detail.info.peer)
      }
    }, { signal })
    sync.addEventListener('space:caught-up', ({ detail }) => { this.#refused.delete(detail.peer.toString() + detail.space) }, { signal })
    sync.addEventListener('space:refused', ({ detail }) => { this.#askAgain(detail.peer, detail.space) }, { signal })
    sync.addEventListener('stream:closed', ({ detail }) => { this.#timers.later(REOPEN_MS, () => { this.#resume(detail.peer) }) }, { signal })
    network.addEventListener('peer:disconnect', ({ detail }) => {
      const name = detail.toString()

      visits.lost(name)
      interests.forEach(({ space }) => this.#refused.delete(name + space))
    }, { signal })
    follow.addEventListener('space:coming', ({ detail }) => { visits.heard(detail.relay.toString(), detail.space, detail.coming ? 'coming' : 'not yet') }, { signal })
    walls.addEventListener('wall:changed', ({ detail }) => { this.#tellReach(detail.space) }, { signal })
  }

  /** Begins all walls with a peer that is connected and trusted now */
  engage (peer: PeerId): void {
    for (const interest of this.#init.interests.values()) {
      void this.#begin(peer, interest)
    }
  }

  /** Begins a wall with everybody who is connected */
  open (interest: Interest): void {
    for (const peer of this.#init.partners.all()) {
      void this.#begin(peer, interest)
    }
  }

  /** Ends a wall that nobody here is interested in any more */
  close (space: SpaceId): void {
    const { network, partners } = this.#init
    const { sync, follow } = network.services

    for (const peer of sync.peers(space)) {
      void sync.close(peer, space).catch(() => {})
    }

    for (const peer of partners.relays()) {
      this.#refused.delete(peer.toString() + space)
      void follow.follow(peer, [{ space, want: false }]).catch(() => {})
    }
  }

  /** Later, if it is wanted then and the peer is still there */
  #beginLater (delay: number, peer: PeerId, interest: Interest): void {
    const { interests, partners } = this.#init

    this.#timers.later(delay, () => {
      if (interests.get(interest.space) === interest && partners.includes(peer)) {
        void this.#begin(peer, interest)
      }
    })
  }

  /**
   * A relay may refuse a wall that it is to keep in a moment: it is full, or has forgotten what it was asked to follow. Devices of people
   * are not asked again: who begins to be interested in a wall says so to everybody it is connected to.
   */
  #askAgain (peer: PeerId, space: SpaceId): void {
    const { interests, partners } = this.#init
    const interest = interests.get(space)

    if (interest == null || !partners.isRelay(peer)) {
      return
    }

    const name = peer.toString() + space
    const delay = this.#refused.get(name) ?? REOPEN_MS

    this.#refused.set(name, Math.min(delay * 2, MAX_REFUSED_MS))
    this.#beginLater(delay, peer, interest)
  }

  #resume (peer: PeerId): void {
    if (this.#init.partners.includes(peer)) {
      this.engage(peer)
    }
  }

  async #begin (peer: PeerId, interest: Interest): Promise<void> {
    const { account, admits, interests, network, partners, reach, walls } = this.#init
    const { space } = interest
    const own = account.me()?.space === space

    if (!admits(space, peer)) {
      return
    }

    try {
      if (partners.isRelay(peer) && isPrivateSpace(space)) {
        await network.services.follow.follow(peer, [{ space, offer: true }])
      } else if (partners.isRelay(peer)) {
        await walls.open(space)
        interest.told = JSON.stringify(reach(space))
        await this.#ask(peer, interest)
      }

      await network.services.sync.open(peer, space, { receipts: own })
    } catch {
      if (interests.get(space) === interest) {
        // also where the other side has opened it meanwhile: it does not know that receipts are wanted here
        this.#beginLater(FAILED_MS, peer, interest)
      }
    }
  }

  /** Asks a relay to keep a wall coming; only relays of one's own are told where from */
  async #ask (peer: PeerId, interest: Interest): Promise<void> {
    const { account, network, reach, settings, visits } = this.#init
    const { space } = interest
    const offer = account.me()?.space === space
    const isOwn = (await settings.relays.get()).some(info => info.peer === peer.toString())
    const sources = isOwn && !offer ? reach(space) : []

    const [answer] = await network.services.follow.follow(peer, [{ space, offer, sources }])

    if (isOwn) {
      const said = answer.ok && answer.coming === true ? 'coming' : 'not yet'

      visits.heard(peer.toString(), space, answer.ok ? said : 'refused')
    }
  }

  /** The relays of a wall were not known when it was asked for, or are others now */
  #tellReach (space: SpaceId): void {
    const { interests, partners, visits } = this.#init
    const interest = interests.get(space)
    const reach = JSON.stringify(this.#init.reach(space))

    if (interest == null || interest.told === reach) {
      return
    }

    interest.told = reach

    for (const peer of partners.relays()) {
      void this.#ask(peer, interest).catch(() => {})
    }

    void visits.decide(space)
  }
}
