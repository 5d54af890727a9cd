import { peerIdFromString } from '@libp2p/peer-id'
import { MalformedError } from '../errors.ts'
import { systemClock } from '../interface.ts'
import { reservationsOf } from '../network/circuit.ts'
import { probe } from '../network/probe.ts'
import { lightOf } from './light.ts'
import { closeOwn, hangUp, isRefusal, link, openConnections, reserve } from './relay-link.ts'
import { SupervisorState } from './state.ts'
import type { Light, SupervisedRelay, Supervisor, SupervisorComponents, SupervisorEvents, SupervisorInit, Timer } from './index.ts'
import type { SupervisorEffect, SupervisorEvent } from './state.ts'
import type { Clock } from '../interface.ts'
import type { ReservationStore } from '../network/circuit.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { Libp2pEvents, PeerId } from '@libp2p/interface'

const WAKE_EVENTS = ['wake', 'online', 'visibilitychange']

const systemTimer: Timer = (run, ms) => {
  const timer = setTimeout(run, ms)

  return () => { clearTimeout(timer) }
}

function readPeer (text: string): PeerId {
  try {
    return peerIdFromString(text)
  } catch (err) {
    throw new MalformedError('The id of this relay cannot be read', { cause: err })
  }
}

/** Carries out what the state machine decides, and tells it what happens */
export class SupervisorDriver extends EventTarget implements Supervisor {
  readonly [Symbol.toStringTag] = '@pergola/supervisor'

  readonly #init: SupervisorInit
  readonly #components: SupervisorComponents
  readonly #clock: Clock
  readonly #timer: Timer
  readonly #wake: NonNullable<SupervisorInit['wake']>
  readonly #state: SupervisorState
  readonly #relays = new Map<string, RelayInfo>()
  /** Which address the next try begins with, by relay */
  readonly #first = new Map<string, number>()
  /** Tries under way, by relay */
  readonly #tries = new Map<string, AbortController>()
  #reservations?: ReservationStore
  #cancelTimer?: () => void
  #started = false

  constructor (init: SupervisorInit, components: SupervisorComponents) {
    super()

    this.#init = init
    this.#components = components
    this.#clock = init.clock ?? systemClock
    this.#timer = init.timer ?? systemTimer
    this.#wake = init.wake ?? []
    this.#state = new SupervisorState(init.random ?? Math.random)

    for (const info of init.relays ?? []) {
      this.add(info)
    }
  }

  isStarted (): boolean {
    return this.#started
  }

  start (): void {}

  /** After everything else: a relay that answers at once must meet all protocols */
  afterStart (): void {
    if (this.#started) {
      return
    }

    const reserves = this.#init.reserves !== false

    this.#reservations = !reserves ? undefined : this.#components.transportManager.getTransports().map(reservationsOf).find(store => store != null)

    if (reserves && this.#reservations == null) {
      throw new Error('The supervisor needs the circuit relay transport of createNetwork')
    }

    this.#started = true
    this.#reservations?.addEventListener('relay:removed', this.#onReservationRemoved)
    this.#components.events.addEventListener('connection:close', this.#onConnectionClose)

    for (const target of this.#wake) {
      WAKE_EVENTS.forEach(type => { target.addEventListener(type, this.#onWake) })
    }

    this.#relays.forEach(info => { this.#handle({ type: 'add', info }) })
  }

  stop (): void {
    if (!this.#started) {
      return
    }

    this.#started = false
    this.#cancelTimer?.()
    this.#tries.forEach(controller => { controller.abort() })
    this.#tries.clear()
    this.#reservations?.removeEventListener('relay:removed', this.#onReservationRemoved)
    this.#components.events.removeEventListener('connection:close', this.#onConnectionClose)

    for (const target of this.#wake) {
      WAKE_EVENTS.forEach(type => { target.removeEventListener(type, this.#onWake) })
    }

    for (const peer of this.#relays.keys()) {
      this.#state.handle({ type: 'remove', peer }, this.#clock.now())
    }
  }

  add (info: RelayInfo): void {
    readPeer(info.peer)
    this.#relays.set(info.peer, info)
    this.#handle({ type: 'add', info })
  }

  remove (peer: string): void {
    this.#relays.delete(peer)
    this.#first.delete(peer)
    this.#handle({ type: 'remove', peer })
  }

  reconnect (): void {
    this.#handle({ type: 'wake' })
  }

  refused (peer: string, until?: number): void {
    this.#handle({ type: 'refused', peer, until })
  }

  states (): SupervisedRelay[] {
    return this.#started ? this.#state.states() : [...this.#relays.values()].map(info => ({ info, state: 'offline', failures: 0 }))
  }

  light (): Light {
    return lightOf(this.states())
  }

  readonly #onWake = (): void => { this.reconnect() }

  readonly #onReservationRemoved = (event: Event): void => {
    const { relay } = (event as CustomEvent<{ relay: PeerId }>).detail

    this.#lost(relay)
  }

  readonly #onConnectionClose = ({ detail }: Libp2pEvents['connection:close']): void => {
    const peer = detail.remotePeer

    // while a connection remains, and with it the reservation, nothing is lost
    if (this.#relays.has(peer.toString()) && openConnections(this.#components, peer).length === 0) {
      this.#lost(peer)
    }
  }

  #lost (peer: PeerId): void {
    const linked = openConnections(this.#components, peer).length > 0

    this.#handle({ type: 'lost', peer: peer.toString(), linked })
  }

  #handle (event: SupervisorEvent): void {
    if (!this.#started) {
      return
    }

    for (const effect of this.#state.handle(event, this.#clock.now())) {
      this.#run(effect)
    }

    this.#cancelTimer?.()

    const due = this.#state.nextTick()

    if (due != null) {
      this.#cancelTimer = this.#timer(() => { this.#handle({ type: 'tick' }) }, Math.max(0, due - this.#clock.now()))
    }
  }

  #run (effect: SupervisorEffect): void {
    switch (effect.type) {
      case 'try':
        void this.#try(effect.info)
        break
      case 'drop':
        this.#tries.get(effect.peer)?.abort()
        this.#tries.delete(effect.peer)
        this.#hangUp(readPeer(effect.peer)).catch(() => {})
        break
      case 'check':
        // an answer changes nothing; without one the connection is aborted, and its loss is heard
        openConnections(this.#components, readPeer(effect.peer)).forEach(connection => { probe(connection).catch(() => {}) })
        break
      case 'resync':
        this.#emit('relay:connected', { peer: readPeer(effect.peer) })
        break
      default:
        this.#emit('state:changed', effect.relay)
    }
  }

  async #hangUp (peer: PeerId): Promise<void> {
    await (this.#init.reserves === false ? closeOwn(this.#components, peer) : hangUp(this.#components, peer))
  }

  async #try (info: RelayInfo): Promise<void> {
    const { peer } = info
    const controller = new AbortController()

    this.#tries.get(peer)?.abort()
    this.#tries.set(peer, controller)

    const tell = (event: SupervisorEvent): void => {
      // a later try, or nobody, asks for this one's outcome
      if (this.#tries.get(peer) === controller) {
        this.#handle(event)
      }
    }

    const first = this.#first.get(peer) ?? 0

    try {
      const addrs = await this.#init.dialable?.(info) ?? info.addrs
      const { address } = await link(this.#components, { ...info, addrs }, first, controller.signal)
      this.#first.set(peer, address)
      tell({ type: 'linked', peer })
      await this.#reserve(readPeer(peer), controller.signal)
      tell({ type: 'reserved', peer })
    } catch (err) {
      if (this.#relays.has(peer)) {
        this.#first.set(peer, first + 1)
      }

      tell(isRefusal(err) ? { type: 'refused', peer } : { type: 'failed', peer })
    } finally {
      if (this.#tries.get(peer) === controller) {
        this.#tries.delete(peer)
      }
    }
  }

  async #reserve (peer: PeerId, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()

    if (this.#reservations != null) {
      await reserve(this.#components, this.#reservations, peer)
    }
  }

  #emit<K extends keyof SupervisorEvents> (type: K, detail: SupervisorEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}
