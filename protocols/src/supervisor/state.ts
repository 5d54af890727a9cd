/**
 * When to try which relay, without a clock, timer or network of its own: events go in with the time, effects come out.
 *
 * A relay is tried at once when it is added, lost or a wake-up asks for it; then five times 10 s apart; then at most once in 30 s. Times
 * are from start to start of a try. `linked` says that there is a connection, `reserved` that others can reach us there.
 */
import { FAST_INTERVAL_MS, FAST_JITTER_MS, FAST_TRIES, HEARTBEAT_MS, LASTING_MS, MAX_REFUSAL_MS, RESTART_AFTER_MS, SLEPT_MS, SLOW_INTERVAL_MS, SLOW_JITTER_MS } from './constants.ts'
import type { SupervisedRelay } from '../network/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'

export type SupervisorEvent =
  | { type: 'add', info: RelayInfo }
  | { type: 'remove', peer: string }
  /** The time has come that `nextTick` named, or has passed it */
  | { type: 'tick' }
  /** Reconnect, online, visible, awake: try now */
  | { type: 'wake' }
  | { type: 'linked', peer: string }
  | { type: 'reserved', peer: string }
  | { type: 'failed', peer: string }
  | { type: 'refused', peer: string, until?: number }
  /** The reservation is gone; `linked` says whether the connection is still there */
  | { type: 'lost', peer: string, linked: boolean }

export type SupervisorEffect =
  /** Connect where there is no connection, and reserve; a try that is under way for the same relay ends */
  | { type: 'try', info: RelayInfo }
  /** End what is under way and hang up */
  | { type: 'drop', peer: string }
  /** Ask whether the connection still answers; it may have died in sleep */
  | { type: 'check', peer: string }
  /** A new connection: what was missed meanwhile has to be fetched */
  | { type: 'resync', peer: string }
  | { type: 'changed', relay: SupervisedRelay }

interface Relay {
  info: RelayInfo
  linked: boolean
  reserved: boolean
  trying: boolean
  failures: number
  /** Start of the latest try */
  tried: number
  /** Since when it is reserved */
  since: number
  refused: boolean
  until?: number
  nextTry?: number
}

export class SupervisorState {
  readonly #relays = new Map<string, Relay>()
  readonly #random: () => number
  #lastTick?: number

  /** @param random - from 0 to 1, not included */
  constructor (random: () => number) {
    this.#random = random
  }

  handle (event: SupervisorEvent, now: number): SupervisorEffect[] {
    switch (event.type) {
      case 'add':
        return this.#add(event.info, now)
      case 'remove':
        return this.#relays.delete(event.peer) ? [{ type: 'drop', peer: event.peer }] : []
      case 'tick':
        return this.#tick(now)
      case 'wake':
        return this.#wake(now)
      default: {
        const relay = this.#relays.get(event.peer)

        return relay == null ? [] : this.#hear(relay, event, now)
      }
    }
  }

  states (): SupervisedRelay[] {
    return [...this.#relays.values()].map(describe)
  }

  /** When the next `tick` is due, if there is anything to wait for */
  nextTick (): number | undefined {
    if (this.#relays.size === 0) {
      return undefined
    }

    const due = [...this.#relays.values()].map(relay => relay.nextTry ?? Infinity)

    return Math.min((this.#lastTick ?? 0) + HEARTBEAT_MS, ...due)
  }

  #add (info: RelayInfo, now: number): SupervisorEffect[] {
    const known = this.#relays.get(info.peer)

    this.#lastTick ??= now

    if (known != null) {
      known.info = info

      return known.reserved ? [] : this.#start(known, now, true)
    }

    const relay: Relay = { info, linked: false, reserved: false, trying: false, failures: 0, tried: now, since: 0, refused: false }
    this.#relays.set(info.peer, relay)

    return this.#start(relay, now, true)
  }

  #tick (now: number): SupervisorEffect[] {
    const slept = this.#lastTick != null && now - this.#lastTick > SLEPT_MS

    this.#lastTick = now

    if (slept) {
      return this.#wake(now)
    }

    return [...this.#relays.values()]
      .filter(relay => relay.nextTry != null && relay.nextTry <= now)
      .flatMap(relay => this.#start(relay, now, false))
  }

  #wake (now: number): SupervisorEffect[] {
    return [...this.#relays.values()].flatMap<SupervisorEffect>(relay => {
      if (relay.reserved) {
        return [{ type: 'check', peer: relay.info.peer }]
      }

      if (relay.trying && now - relay.tried < RESTART_AFTER_MS) {
        return []
      }

      return this.#start(relay, now, true)
    })
  }

  #start (relay: Relay, now: number, anew: boolean): SupervisorEffect[] {
    const before = describe(relay)

    if (anew) {
      relay.failures = 0
      relay.refused = false
      relay.until = undefined
    }

    relay.trying = true
    relay.tried = now
    relay.nextTry = undefined

    return [...changed(before, relay), { type: 'try', info: relay.info }]
  }

  #hear (relay: Relay, event: Extract<SupervisorEvent, { peer: string }>, now: number): SupervisorEffect[] {
    const before = describe(relay)
    const effects: SupervisorEffect[] = []

    switch (event.type) {
      case 'linked':
        if (!relay.linked) {
          relay.linked = true
          effects.push({ type: 'resync', peer: relay.info.peer })
        }
        break
      case 'reserved':
        Object.assign(relay, { linked: true, reserved: true, trying: false, failures: 0, since: now, refused: false, until: undefined, nextTry: undefined })
        break
      case 'failed':
        relay.trying = false
        this.#later(relay, now)
        break
      case 'refused':
        relay.trying = false
        relay.reserved = false
        relay.refused = true
        relay.until = event.until
        this.#later(relay, now)
        relay.nextTry = Math.max(relay.nextTry ?? now, Math.min(event.until ?? 0, now + MAX_REFUSAL_MS))
        break
      case 'lost':
        relay.linked = event.linked
        if (relay.reserved) {
          relay.reserved = false

          if (now - relay.since >= LASTING_MS) {
            return [...changed(before, relay), ...this.#start(relay, now, true)]
          }

          this.#later(relay, now)
        }
        break
      default:
    }

    return [...effects, ...changed(before, relay)]
  }

  #later (relay: Relay, now: number): void {
    relay.failures++

    const fast = relay.failures <= FAST_TRIES
    const interval = fast ? FAST_INTERVAL_MS : SLOW_INTERVAL_MS
    const jitter = this.#random() * (fast ? FAST_JITTER_MS : SLOW_JITTER_MS)

    relay.nextTry = Math.max(now, relay.tried + interval + jitter)
  }
}

function stateOf (relay: Relay): SupervisedRelay['state'] {
  if (relay.reserved) {
    return 'connected'
  }

  if (relay.refused) {
    return 'refused'
  }

  // while it is tried now and then the light stays red and does not blink
  return relay.failures <= FAST_TRIES ? 'connecting' : 'offline'
}

function describe (relay: Relay): SupervisedRelay {
  const { info, failures, nextTry, until } = relay

  return { info, state: stateOf(relay), failures, ...(nextTry == null ? {} : { nextTry }), ...(until == null ? {} : { until }) }
}

function changed (before: SupervisedRelay, relay: Relay): SupervisorEffect[] {
  const after = describe(relay)

  return before.state === after.state && before.failures === after.failures && before.nextTry === after.nextTry && before.until === after.until
    ? []
    : [{ type: 'changed', relay: after }]
}
