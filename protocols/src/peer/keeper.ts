/**
 * Keeps walls coming: for each wall somebody here is interested in, the connected relays are asked to follow it, a sync is open with whoever may
 * have it, and gossip is heard. What is lost with a connection is begun again with the next.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { decodeRecord } from '../identity/index.ts'
import { wallOwner } from '../ids.ts'
import { MAX_INLINE_PAYLOAD_BYTES } from '../limits.ts'
import { decodeEntry, encodeEntry, verifyEntry } from '../log/index.ts'
import { Visits } from './visits.ts'
import type { Account } from './account.ts'
import type { PeerNetwork } from './network.ts'
import type { Settings } from './settings.ts'
import type { Walls } from './walls.ts'
import type { GossipMessage, GossipValidateOptions, GossipVerdict } from '../gossip/index.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { Entry, Log } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { PeerId } from '@libp2p/interface'

/** How long a hint waits for the record of a device that is not known yet */
const RECORD_WAIT_MS = 2_000
/** After a stream broke while the connection stands */
const REOPEN_MS = 2_000
/** Longest time between two attempts to have a wall from a relay that refuses it */
const MAX_REFUSED_MS = 60_000

interface Interest {
  space: SpaceId
  /** How many ask for it: being followed, being one's own, each page that shows it */
  users: number
  /** The relays that the wall itself names, as JSON, when relays were told of them last */
  told: string
  caughtUp: boolean
}

export interface KeeperInit {
  account: Account
  log: Log
  walls: Walls
  settings: Settings
  network: PeerNetwork
  /** Own other devices and contacts that proved who they are */
  isTrusted (peer: PeerId): boolean
}

export interface Keeper extends EventTarget {
  start (): void
  stop (): void
  /** Begins to keep a wall; once for each `release` */
  keep (space: SpaceId, relays: RelayInfo[]): void
  release (space: SpaceId): void
  keeps (space: SpaceId): boolean
  /** Begins with a peer that is connected and trusted now */
  engage (peer: PeerId): void
  caughtUp (space: SpaceId, options?: AbortOptions): Promise<void>
  /** Whom to ask for media of a wall, the nearest first */
  providers (space: SpaceId): PeerId[]
  validate (message: GossipMessage, options: GossipValidateOptions): Promise<GossipVerdict>
  admits (space: SpaceId, peer: PeerId): boolean
}

class WallKeeper extends EventTarget implements Keeper {
  readonly #init: KeeperInit
  readonly #interests = new Map<SpaceId, Interest>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  /** By relay and wall: how long to wait before a refused wall is asked for again */
  readonly #refused = new Map<string, number>()
  readonly #visits: Visits
  #abort = new AbortController()

  constructor (init: KeeperInit) {
    super()
    this.#init = init
    this.#visits = new Visits({ settings: init.settings, network: init.network, reach: space => this.#reach(space) })
  }

  start (): void {
    const { network, log, walls } = this.#init
    const { sync, gossip, supervisor, follow } = network.services

    this.#abort = new AbortController()

    const signal = this.#abort.signal

    supervisor.addEventListener('relay:connected', ({ detail }) => { this.engage(detail.peer) }, { signal })
    sync.addEventListener('space:caught-up', ({ detail }) => {
      this.#refused.delete(detail.peer.toString() + detail.space)
      this.#markCaughtUp(detail.space)
    }, { signal })
    sync.addEventListener('space:refused', ({ detail }) => { this.#askAgain(detail.peer, detail.space) }, { signal })
    network.addEventListener('peer:disconnect', ({ detail }) => {
      const name = detail.toString()

      this.#visits.lost(name)
      this.#interests.forEach(({ space }) => this.#refused.delete(name + space))
    }, { signal })
    supervisor.addEventListener('state:changed', ({ detail }) => {
      if (detail.state !== 'connected') {
        this.#visits.lost(detail.info.peer)
      }
    }, { signal })
    follow.addEventListener('space:coming', ({ detail }) => { this.#visits.heard(detail.relay.toString(), detail.space, detail.coming ? 'coming' : 'not yet') }, { signal })
    walls.addEventListener('wall:changed', ({ detail }) => { this.#tellReach(detail.space) }, { signal })
    sync.addEventListener('stream:closed', ({ detail }) => { this.#later(REOPEN_MS, () => { this.#resume(detail.peer) }) }, { signal })
    gossip.addEventListener('message:received', ({ detail }) => { void this.#hear(detail) }, { signal })
    log.addEventListener('entries:added', ({ detail }) => { void this.#tell(detail.space, detail.entries) }, { signal })
  }

  stop (): void {
    this.#abort.abort()
    this.#timers.forEach(clearTimeout)
    this.#timers.clear()
    this.#refused.clear()
    this.#visits.stop()
  }

  keep (space: SpaceId, relays: RelayInfo[]): void {
    const known = this.#interests.get(space)

    if (known != null) {
      known.users++
      this.#visits.keep(space, relays)
      return
    }

    const interest: Interest = { space, users: 1, told: '[]', caughtUp: false }

    this.#interests.set(space, interest)
    this.#init.network.services.gossip.subscribe(space)
    // what the wall itself says of where it can be had is known once it is read
    void this.#init.walls.open(space).catch(() => {}).then(() => {
      if (this.#interests.get(space) === interest && !this.#abort.signal.aborted) {
        this.#visits.keep(space, relays)
      }
    })

    for (const peer of this.#partners()) {
      void this.#begin(peer, interest)
    }
  }

  release (space: SpaceId): void {
    const interest = this.#interests.get(space)

    if (interest == null || --interest.users > 0) {
      return
    }

    const { sync, gossip, follow } = this.#init.network.services

    this.#interests.delete(space)
    this.#relayPeers().forEach(peer => this.#refused.delete(peer.toString() + space))
    gossip.unsubscribe(space)

    for (const peer of sync.peers(space)) {
      void sync.close(peer, space).catch(() => {})
    }

    for (const peer of this.#relayPeers()) {
      void follow.follow(peer, [{ space, want: false }]).catch(() => {})
    }

    this.#visits.release(space)
  }

  keeps (space: SpaceId): boolean {
    return this.#interests.has(space)
  }

  engage (peer: PeerId): void {
    for (const interest of this.#interests.values()) {
      void this.#begin(peer, interest)
    }
  }

  async caughtUp (space: SpaceId, { signal }: AbortOptions = {}): Promise<void> {
    if (this.#interests.get(space)?.caughtUp === true) {
      await this.#init.walls.settled()
      return
    }

    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const heard = (event: Event): void => {
      if ((event as CustomEvent<SpaceId>).detail === space) {
        resolve()
      }
    }
    const aborted = (): void => { reject(signal?.reason instanceof Error ? signal.reason : new Error('Aborted')) }

    signal?.throwIfAborted()
    this.addEventListener('space:caught-up', heard)
    signal?.addEventListener('abort', aborted, { once: true })

    try {
      await promise
      await this.#init.walls.settled()
    } finally {
      this.removeEventListener('space:caught-up', heard)
      signal?.removeEventListener('abort', aborted)
    }
  }

  providers (space: SpaceId): PeerId[] {
    const { network, isTrusted } = this.#init
    const connected = network.getPeers()
    const trusted = connected.filter(isTrusted)
    const syncing = network.services.sync.peers(space)
    const byId = new Map([...trusted, ...syncing, ...this.#relayPeers()].map(peer => [peer.toString(), peer]))

    return [...byId.values()].filter(peer => connected.some(candidate => candidate.equals(peer)))
  }

  admits (space: SpaceId, peer: PeerId): boolean {
    return this.#interests.has(space) && (this.#isRelay(peer) || this.#init.isTrusted(peer))
  }

  async validate ({ space, kind, bytes }: GossipMessage, { signal }: GossipValidateOptions): Promise<GossipVerdict> {
    if (space == null) {
      return 'ignore'
    }

    if (kind !== 'entry') {
      return kind === 'record' ? this.#validateRecord(space, bytes) : 'accept'
    }

    const { log } = this.#init
    let entry

    try {
      entry = decodeEntry(bytes)
    } catch {
      return 'reject'
    }

    if (entry.header.space !== space || !await verifyEntry(entry)) {
      return 'reject'
    }

    const record = await log.record(entry.header.identity)

    if (record == null || record.record.seq < entry.header.rec) {
      await this.#recordOf(wallOwner(space), AbortSignal.any([signal, AbortSignal.timeout(RECORD_WAIT_MS)]))
    }

    // sync brings it if the record is too late; forwarding does no harm, since every reader judges anew
    return 'accept'
  }

  async #validateRecord (space: SpaceId, bytes: Uint8Array): Promise<GossipVerdict> {
    try {
      const record = await decodeRecord(bytes)

      if (record.record.identity !== wallOwner(space)) {
        return 'reject'
      }

      await this.#init.log.putRecord(record)

      return 'accept'
    } catch {
      return 'reject'
    }
  }

  async #recordOf (identity: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const changed = (event: CustomEvent<{ record: { record: { identity: string } } }>): void => {
      if (event.detail.record.record.identity === identity) {
        resolve()
      }
    }
    const aborted = (): void => { resolve() }

    this.#init.log.addEventListener('record:changed', changed)
    signal.addEventListener('abort', aborted, { once: true })
    await promise
    this.#init.log.removeEventListener('record:changed', changed)
    signal.removeEventListener('abort', aborted)
  }

  async #hear ({ space, kind, bytes }: GossipMessage): Promise<void> {
    if (space != null && kind === 'entry' && this.#interests.has(space)) {
      await this.#init.log.ingest(space, [decodeEntry(bytes)])
    }
  }

  /** Own new entries go to the neighbours at once; those of others came from somebody who does that */
  async #tell (space: SpaceId, entries: Entry[]): Promise<void> {
    const me = this.#init.account.me()

    if (me == null || !this.#interests.has(space)) {
      return
    }

    for (const entry of entries) {
      if (entry.header.device === me.device) {
        const inline = entry.payload != null && entry.payload.length <= MAX_INLINE_PAYLOAD_BYTES

        await this.#init.network.services.gossip.publish(space, 'entry', encodeEntry(entry, inline)).catch(() => 0)
      }
    }
  }

  #markCaughtUp (space: SpaceId): void {
    const interest = this.#interests.get(space)

    if (interest != null) {
      interest.caughtUp = true
      this.dispatchEvent(new CustomEvent('space:caught-up', { detail: space }))
    }
  }

  #later (delay: number, work: () => void): void {
    if (this.#abort.signal.aborted) {
      return
    }

    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, delay)

    this.#timers.add(timer)
  }

  /**
   * A relay may refuse a wall that it is to keep in a moment: it is full, or has forgotten what it was asked to follow. Devices of people
   * are not asked again: who begins to be interested in a wall says so to everybody it is connected to.
   */
  #askAgain (peer: PeerId, space: SpaceId): void {
    const interest = this.#interests.get(space)

    if (interest == null || !this.#isRelay(peer)) {
      return
    }

    const name = peer.toString() + space
    const delay = this.#refused.get(name) ?? REOPEN_MS

    this.#refused.set(name, Math.min(delay * 2, MAX_REFUSED_MS))
    this.#later(delay, () => {
      if (this.#interests.get(space) === interest && this.#relayPeers().some(candidate => candidate.equals(peer))) {
        void this.#begin(peer, interest)
      }
    })
  }

  #resume (peer: PeerId): void {
    if (this.#partners().some(candidate => candidate.equals(peer))) {
      this.engage(peer)
    }
  }

  /** Relays there is a connection to; a reservation, which comes later or is refused, is for being called */
  #relayPeers (): PeerId[] {
    const { network } = this.#init

    return network.services.supervisor.states()
      .map(({ info }) => peerIdFromString(info.peer))
      .filter(peer => network.getConnections(peer).some(({ status }) => status === 'open'))
  }

  #isRelay (peer: PeerId): boolean {
    const text = peer.toString()

    return this.#init.network.services.supervisor.states().some(({ info }) => info.peer === text)
  }

  /** Everybody connected with whom walls are kept in step */
  #partners (): PeerId[] {
    const { network, isTrusted } = this.#init
    const relays = this.#relayPeers()

    return [...relays, ...network.getPeers().filter(peer => isTrusted(peer) && !relays.some(relay => relay.equals(peer)))]
  }

  async #begin (peer: PeerId, interest: Interest): Promise<void> {
    const { network, account, walls } = this.#init
    const { space } = interest
    const own = account.me()?.space === space

    try {
      if (this.#isRelay(peer)) {
        await walls.open(space)
        interest.told = JSON.stringify(this.#reach(space))
        await this.#ask(peer, interest)
      }

      await network.services.sync.open(peer, space, { receipts: own })
    } catch {
      if (!this.#abort.signal.aborted && this.#interests.get(space) === interest) {
        this.#later(REOPEN_MS * 5, () => {
          // also where the other side has opened it meanwhile: it does not know that receipts are wanted here
          if (this.#interests.get(space) === interest && this.#partners().some(candidate => candidate.equals(peer))) {
            void this.#begin(peer, interest)
          }
        })
      }
    }
  }

  /** The relays that a wall itself names: public, unlike those of an invite */
  #reach (space: SpaceId): RelayInfo[] {
    return this.#init.walls.peek(space)?.view().relays ?? []
  }

  /** Asks a relay to keep a wall coming; only relays of one's own are told where from */
  async #ask (peer: PeerId, interest: Interest): Promise<void> {
    const { account, settings, network } = this.#init
    const { space } = interest
    const offer = account.me()?.space === space
    const isOwn = (await settings.relays.get()).some(info => info.peer === peer.toString())
    const sources = isOwn && !offer ? this.#reach(space) : []

    const [answer] = await network.services.follow.follow(peer, [{ space, offer, sources }])

    if (isOwn) {
      const said = answer.ok && answer.coming === true ? 'coming' : 'not yet'

      this.#visits.heard(peer.toString(), space, answer.ok ? said : 'refused')
    }
  }

  /** The relays of a wall were not known when it was asked for, or are others now */
  #tellReach (space: SpaceId): void {
    const interest = this.#interests.get(space)

    const reach = JSON.stringify(this.#reach(space))

    if (interest == null || interest.told === reach) {
      return
    }

    interest.told = reach

    for (const peer of this.#relayPeers()) {
      void this.#ask(peer, interest).catch(() => {})
    }

    void this.#visits.decide(space)
  }
}

export function createKeeper (init: KeeperInit): Keeper {
  return new WallKeeper(init)
}
