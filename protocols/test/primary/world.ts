/** State machines of one person's devices over virtual time, with a network that does as a test says. */
import { sha256 } from '../../src/hash.ts'
import { deviceId, identityId } from '../../src/ids.ts'
import { SUSPECT_MS } from '../../src/primary/constants.ts'
import { PrimaryState } from '../../src/primary/state.ts'
import type { DeviceId } from '../../src/ids.ts'
import type { Beat } from '../../src/primary/beat.ts'
import type { PrimaryEffect, PrimaryEvent, PrimaryView } from '../../src/primary/events.ts'
import type { DeviceOrder, OwnRecord } from '../../src/primary/order.ts'

export const IDENTITY = identityId(sha256(Uint8Array.of(0)))

export function device (i: number): DeviceId {
  return deviceId(sha256(Uint8Array.of(1, i)))
}

export function recordOf (count: number, init: { seq?: number, without?: number, homes?: number[] } = {}): OwnRecord {
  return {
    seq: init.seq ?? 0,
    devices: Array.from({ length: count }, (_, i) => i)
      .filter(i => i !== init.without)
      .map(i => ({ device: device(i), role: init.homes?.includes(i) === true ? 'home' : 'client' }))
  }
}

interface OneDevice {
  state: PrimaryState
  effects: PrimaryEffect[]
  isAsleep: boolean
}

export interface Carried {
  from: number
  to: number
  beat: Beat
  bytes: Uint8Array
  at: number
}

export interface WorldInit {
  count: number
  record?: OwnRecord
  orders?: Array<DeviceOrder | undefined>
  /** All by default */
  pairs?: Array<[number, number]>
  latency?: number
  random? (): number
}

export class World {
  now = 0
  readonly devices = new Map<number, OneDevice>()
  /** Everything that was sent, lost or not */
  readonly carried: Carried[] = []
  /** Whether a beat arrives */
  arrives: (carried: Carried) => boolean = () => true
  readonly #init: WorldInit
  readonly #pairs: Array<[number, number]>
  #flying: Carried[] = []
  #boots = 0

  constructor (init: WorldInit) {
    this.#init = init
    this.#pairs = init.pairs ?? Array.from({ length: init.count }, (_, b) => Array.from({ length: b }, (_, a): [number, number] => [a, b])).flat()

    for (let i = 0; i < init.count; i++) {
      this.start(i)
    }
  }

  /** Starts a device, which connects and is caught up at once unless told otherwise */
  start (i: number, isCaughtUp: boolean = true): void {
    const boot = (++this.#boots).toString(16).padStart(32, '0')

    this.devices.set(i, {
      effects: [],
      isAsleep: false,
      state: new PrimaryState({
        identity: IDENTITY,
        device: device(i),
        record: this.#init.record ?? recordOf(this.#init.count),
        order: this.#init.orders?.[i],
        boot,
        random: this.#init.random ?? (() => 0.5),
        // every clock shows something else
        now: this.#clock(i)
      })
    })

    if (isCaughtUp) {
      this.handle(i, { type: 'caught-up' })
    }

    for (const pair of this.#pairs.filter(pair => pair.includes(i))) {
      const other = pair[0] === i ? pair[1] : pair[0]

      if (this.devices.has(other)) {
        this.handle(i, { type: 'link', device: device(other) })
        this.handle(other, { type: 'unlink', device: device(i) })
        this.handle(other, { type: 'link', device: device(i) })
      }
    }
  }

  crash (i: number): void {
    this.devices.delete(i)
  }

  handle (i: number, event: PrimaryEvent): void {
    const one = this.devices.get(i)

    if (one == null || one.isAsleep) {
      return
    }

    const effects = one.state.handle(event, this.#clock(i))

    one.effects.push(...effects)
    effects.forEach(effect => { this.#carry(i, effect) })
  }

  view (i: number): PrimaryView {
    return this.devices.get(i)?.state.view() ?? { acts: false, alive: [] }
  }

  /** Which devices hold themselves to be primary */
  acting (): number[] {
    return [...this.devices.keys()].filter(i => this.view(i).acts).sort((a, b) => a - b)
  }

  /** Lets so much time pass, from one thing that is due to the next */
  pass (ms: number): void {
    const end = this.now + ms

    for (;;) {
      const awake = [...this.devices].filter(([, { isAsleep }]) => !isAsleep)
      const ticks = awake.map(([i, { state }]) => (state.nextTick() ?? Infinity) - this.#skew(i))
      const next = Math.min(end, ...ticks, ...this.#flying.map(({ at }) => at))

      this.now = Math.max(this.now, next)

      const arrived = this.#flying.filter(({ at }) => at <= this.now)

      this.#flying = this.#flying.filter(({ at }) => at > this.now)
      arrived.forEach(({ to, from, beat, bytes }) => { this.handle(to, { type: 'beat', via: device(from), beat, bytes }) })
      awake.filter((_, n) => ticks[n] <= this.now).forEach(([i]) => { this.handle(i, { type: 'tick' }) })

      if (next >= end) {
        return
      }
    }
  }

  #carry (from: number, effect: PrimaryEffect): void {
    if (effect.type !== 'beat' && effect.type !== 'pass') {
      return
    }

    const bytes = effect.type === 'beat' ? new Uint8Array() : effect.bytes
    const beat = effect.type === 'beat' ? effect.beat : this.carried.find(carried => carried.bytes === bytes)?.beat
    const neighbours = this.#pairs.flatMap(pair => pair.includes(from) ? pair.filter(i => i !== from) : [])

    for (const to of neighbours.filter(i => effect.type === 'beat' || effect.to.includes(device(i)))) {
      if (beat != null) {
        const carried = { from, to, beat, bytes, at: this.now + (this.#init.latency ?? 20) }

        this.carried.push(carried)

        if (this.arrives(carried)) {
          this.#flying.push(carried)
        }
      }
    }
  }

  #skew (i: number): number {
    return i * 86_400_000
  }

  #clock (i: number): number {
    return this.now + this.#skew(i)
  }
}

/** A world in which the first device is primary, and everybody knows */
export function settled (init: WorldInit): World {
  const world = new World(init)

  world.pass(SUSPECT_MS + 5_000)

  return world
}
