/**
 * Keeps walls coming: for each wall somebody here is interested in, the connected relays are asked to follow it, a sync is open with whoever may
 * have it, and gossip is heard. What is lost with a connection is begun again with the next.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { decodeRecord } from '../identity/index.ts'
import { wallOwner } from '../ids.ts'
import { MAX_INLINE_PAYLOAD_BYTES } from '../limits.ts'
import { decodeEntry, encodeEntry, verifyEntry } from '../log/index.ts'
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
  /** Where it could be had when it was asked for */
  relays: RelayInfo[]
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
  /** Relays that are not one's own, by PeerId, with how many walls need them */
  readonly #visited = new Map<string, Set<SpaceId>>()
  /** By relay and wall: how long to wait before a refused wall is asked for again */
  readonly #refused = new Map<string, number>()
  #abort = new AbortController()

  constructor (init: KeeperInit) {
    super()
    this.#init = init
  }

  start (): void {
    const { network, log } = this.#init
    const { sync, gossip, supervisor } = network.services

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

      this.#interests.forEach(({ space }) => this.#refused.delete(name + space))
    }, { signal })
    sync.addEventListener('stream:closed', ({ detail }) => { this.#later(REOPEN_MS, () => { this.#resume(detail.peer) }) }, { signal })
    gossip.addEventListener('message:received', ({ detail }) => { void this.#hear(detail) }, { signal })
    log.addEventListener('entries:added', ({ detail }) => { void this.#tell(detail.space, detail.entries) }, { signal })
  }

  stop (): void {
    this.#abort.abort()
    this.#timers.forEach(clearTimeout)
    this.#timers.clear()
    this.#refused.clear()
  }

  keep (space: SpaceId, relays: RelayInfo[]): void {
    const known = this.#interests.get(space)

    if (known != null) {
      known.users++
      known.relays = known.relays.length === 0 ? relays : known.relays
      this.#visit(known)
      return
    }

    const interest: Interest = { space, users: 1, relays, caughtUp: false }

    this.#interests.set(space, interest)
    this.#init.network.services.gossip.subscribe(space)
    this.#visit(interest)

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

    this.#leave(space)
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
      this.#visit(interest)
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

  /** By the connection, not by the reservation that comes a moment later: an interest that began in between would be lost */
  #relayPeers (): PeerId[] {
    const { network } = this.#init

    return network.services.supervisor.states()
      .map(({ info }) => peerIdFromString(info.peer))
      .filter(peer => network.getConnections(peer).length > 0)
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
        // a relay is told of public relays only: where else a wall can be had is nobody's business
        await network.services.follow.follow(peer, [{ space, offer: own, sources: own ? [] : walls.peek(space)?.view().relays ?? [] }])
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

  /** Relays of the wall itself are dialed while there is no relay of one's own that can bring it */
  #visit (interest: Interest): void {
    const { walls, settings, network } = this.#init

    void (async () => {
      const own = new Set((await settings.relays.get()).map(({ peer }) => peer))
      const known = walls.peek(interest.space)?.view().relays ?? []

      if (this.#interests.get(interest.space) !== interest) {
        return
      }

      if (own.size > 0 && known.length > 0) {
        this.#leave(interest.space)
        return
      }

      for (const info of interest.relays) {
        if (!own.has(info.peer)) {
          const users = this.#visited.get(info.peer) ?? new Set()

          users.add(interest.space)
          this.#visited.set(info.peer, users)
          network.services.supervisor.add(info)
        }
      }
    })()
  }

  #leave (space: SpaceId): void {
    void (async () => {
      const own = new Set((await this.#init.settings.relays.get()).map(({ peer }) => peer))

      for (const [peer, users] of this.#visited) {
        users.delete(space)

        if (users.size === 0) {
          this.#visited.delete(peer)

          if (!own.has(peer)) {
            this.#init.network.services.supervisor.remove(peer)
          }
        }
      }
    })()
  }
}

export function createKeeper (init: KeeperInit): Keeper {
  return new WallKeeper(init)
}
