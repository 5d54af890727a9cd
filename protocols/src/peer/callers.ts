/**
 * Own other devices and contacts: called through relays, because nobody's address is known to anybody; proved by hello; and, where both sides allow
 * it, connected directly afterwards.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { HelloRefusedError } from '../hello/index.ts'
import { deviceStatus } from '../identity/index.ts'
import { connectDirect } from '../network/index.ts'
import { probe } from '../network/probe.ts'
import { NoRelayError } from './errors.ts'
import { isListed } from './listed.ts'
import { relayAddress } from './relay-address.ts'
import { rememberPeer } from './remembered-peers.ts'
import type { Account } from './account.ts'
import type { PeerNetwork } from './network.ts'
import type { Contact, Settings } from './settings.ts'
import type { HelloResult } from '../hello/index.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { DeviceId, IdentityId } from '../ids.ts'
import type { Clock } from '../interface.ts'
import type { Log } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { Connection, PeerId } from '@libp2p/interface'

/** Between two attempts to call somebody */
const CALL_AGAIN_MS = 20_000
const CALL_TIMEOUT_MS = 20_000
/** Calls under way at one time */
const MAX_CALLS = 4

/** Somebody who proved who they are over a connection that still stands */
export interface Proved {
  peer: PeerId
  identity: IdentityId
  device: DeviceId
  own: boolean
}

export interface CallersInit {
  account: Account
  clock: Clock
  log: Log
  settings: Settings
  network: PeerNetwork
}

export interface CallersEvents {
  /** Somebody proved who they are */
  'peer:trusted': CustomEvent<PeerId>
  /** What `proved` says, or how they are connected, is different now */
  'callers:changed': CustomEvent<undefined>
}

export interface Callers extends EventTarget {
  start (): void
  stop (): void
  /** Calls whoever is not connected, now */
  callAll (): void
  isTrusted (peer: PeerId): boolean
  /** Whether it is another device of one's own */
  isOwn (peer: PeerId): boolean
  /** Connects to a device through one of these relays, as soon as one of them is connected */
  reach (peer: PeerId, relays: RelayInfo[], options: { signal: AbortSignal }): Promise<void>
  /** Whether WebRTC may be spoken with a peer: proved, and "connect directly" is on here */
  allowsDirect (peer: PeerId): boolean
  proved (): Proved[]
  /** When who is there did not want to be known to us, or we not to them, unless they proved who they are since then */
  refused (peer: string): number | undefined

  addEventListener<K extends keyof CallersEvents> (type: K, listener: (event: CallersEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof CallersEvents> (type: K, listener: (event: CallersEvents[K]) => void): void
}

class CallerBook extends EventTarget implements Callers {
  readonly #init: CallersInit
  readonly #proved = new Map<string, Proved>()
  readonly #refused = new Map<string, number>()
  readonly #calling = new Map<string, Promise<void>>()
  #direct = true
  #timer: ReturnType<typeof setInterval> | undefined
  #abort = new AbortController()

  constructor (init: CallersInit) {
    super()
    this.#init = init
  }

  start (): void {
    const { network, settings } = this.#init
    const { hello, supervisor } = network.services

    this.#abort = new AbortController()

    const signal = this.#abort.signal

    void settings.direct.get().then(direct => { this.#direct = direct })
    hello.addEventListener('peer:proved', ({ detail }) => { this.#take(detail).catch(() => {}) }, { signal })
    this.#init.log.addEventListener('record:changed', ({ detail }) => { this.#judge(detail.record) }, { signal })
    // circuits need the reservation, which comes after the connection
    supervisor.addEventListener('state:changed', ({ detail }) => {
      if (detail.state === 'connected') {
        this.callAll()
      }
    }, { signal })
    network.addEventListener('peer:disconnect', ({ detail }) => {
      if (this.#proved.delete(detail.toString())) {
        this.dispatchEvent(new CustomEvent('callers:changed'))
      }
    }, { signal })
    // nothing announces that somebody who was away has reserved at a relay again
    this.#timer = setInterval(() => { this.callAll() }, CALL_AGAIN_MS)
  }

  stop (): void {
    this.#abort.abort()
    clearInterval(this.#timer)
    this.#proved.clear()
  }

  isTrusted (peer: PeerId): boolean {
    return this.#proved.has(peer.toString())
  }

  isOwn (peer: PeerId): boolean {
    return this.#proved.get(peer.toString())?.own === true
  }

  async reach (peer: PeerId, relays: RelayInfo[], { signal }: { signal: AbortSignal }): Promise<void> {
    const { supervisor } = this.#init.network.services
    const texts = new Set(relays.map(info => info.peer))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = (): void => {
      if (supervisor.states().some(({ info, state }) => state === 'connected' && texts.has(info.peer))) {
        resolve()
      }
    }
    const aborted = (): void => { reject(new NoRelayError('The relay of the other device cannot be reached')) }

    supervisor.addEventListener('state:changed', look)
    signal.addEventListener('abort', aborted, { once: true })
    look()

    try {
      await promise
    } finally {
      supervisor.removeEventListener('state:changed', look)
      signal.removeEventListener('abort', aborted)
    }

    await this.#dial(peer, this.#through(relays), signal)
  }

  /** Addresses for circuits through those of the relays that are connected */
  #through (relays: RelayInfo[]): string[] {
    const connected = new Set(this.#init.network.services.supervisor.states().filter(({ state }) => state === 'connected').map(({ info }) => info.peer))

    return [...new Set(relays.filter(({ peer }) => connected.has(peer)).map(relayAddress).filter(address => address != null))]
  }

  allowsDirect (peer: PeerId): boolean {
    return this.#direct && this.isTrusted(peer)
  }

  refused (peer: string): number | undefined {
    return this.#refused.get(peer)
  }

  proved (): Proved[] {
    return [...this.#proved.values()]
  }

  callAll (): void {
    void (async () => {
      const { account, settings } = this.#init
      const me = account.me()

      this.#direct = await settings.direct.get()

      if (me == null) {
        return
      }

      const relays = await settings.relays.get()

      for (const peer of await settings.ownPeers.get()) {
        this.#call(peer, relays)
      }

      for (const contact of await settings.contacts.get()) {
        for (const peer of contact.peers) {
          this.#call(peer, [...contact.relays, ...relays], contact)
        }
      }
    })()
  }

  /** Whoever was closed is nobody any more, also while connected */
  #judge ({ record }: SignedRecord): void {
    const closed = this.proved().filter(({ identity, device }) => identity === record.identity && deviceStatus(record, device).status === 'closed')

    for (const { peer } of closed) {
      this.#proved.delete(peer.toString())
      this.#init.network.hangUp(peer).catch(() => {})
      this.dispatchEvent(new CustomEvent('callers:changed'))
    }
  }

  #call (text: string, relays: RelayInfo[], contact?: Contact): void {
    const { network } = this.#init

    if (this.#calling.has(text) || this.#calling.size >= MAX_CALLS || text === network.peerId.toString() || this.#abort.signal.aborted) {
      return
    }

    const peer = peerIdFromString(text)
    const call = this.#connect(peer, relays, contact).catch(() => {}).finally(() => { this.#calling.delete(text) })

    this.#calling.set(text, call)
  }

  async #connect (peer: PeerId, relays: RelayInfo[], contact?: Contact): Promise<void> {
    const { network } = this.#init
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)])
    const through = this.#through(relays)

    if (network.getConnections(peer).length === 0) {
      await this.#dial(peer, through, signal)
    }

    if (!this.isTrusted(peer)) {
      await network.services.hello.prove(peer, {
        signal,
        identity: contact?.identity ?? this.#init.account.requireMe().identity,
        ...(contact?.token == null ? {} : { token: contact.token })
      }).catch(err => {
        if (err instanceof HelloRefusedError) {
          this.#refused.set(peer.toString(), this.#init.clock.now())
          this.dispatchEvent(new CustomEvent('callers:changed'))
        }

        throw err
      })
    }

    if (this.#direct && !network.getConnections(peer).some(({ limits }) => limits == null)) {
      for (const relay of through) {
        if (await connectDirect(network, peer, relay, { signal }).then(() => true, () => false)) {
          this.dispatchEvent(new CustomEvent('callers:changed'))
          return
        }
      }
    }
  }

  async #dial (peer: PeerId, through: string[], signal: AbortSignal): Promise<Connection> {
    let failure: unknown = new Error('No relay in common is connected')

    for (const relay of through) {
      try {
        return await this.#init.network.dial(multiaddr(`${relay}/p2p-circuit/p2p/${peer.toString()}`), { signal })
      } catch (err) {
        failure = err
      }
    }

    throw failure
  }

  async #take ({ peer, identity, device, record, card }: HelloResult): Promise<void> {
    const { account, log, settings } = this.#init
    const me = account.me()

    if (identity == null || device == null || record == null || me == null || !await isListed(log, device, record)) {
      return
    }

    const own = identity === me.identity
    const text = peer.toString()

    if (this.#proved.has(text)) {
      // it began anew without our having seen it go: connections of its life before must not be taken for good ones
      this.#init.network.getConnections(peer).forEach(connection => { probe(connection).catch(() => {}) })
    }

    this.#proved.set(text, { peer, identity, device, own })
    this.#refused.delete(text)

    this.dispatchEvent(new CustomEvent('peer:trusted', { detail: peer }))
    // a device that was closed, or does not know its own entries yet, may not write it down, and yet knows who is there
    await rememberPeer(settings, text, own ? undefined : { identity, relays: card?.relays ?? [] }).catch(() => {})
    this.dispatchEvent(new CustomEvent('callers:changed'))
  }
}

export function createCallers (init: CallersInit): Callers {
  return new CallerBook(init)
}
