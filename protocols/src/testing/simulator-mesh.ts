/** Connections between a person's devices, which are made again a moment after they broke, and over which beats travel. */
import { Partition } from './simulator-partition.ts'
import type { SimulatedDevice } from './simulator-device.ts'
import type { SeededRandom } from './simulator-random.ts'
import type { VirtualTime } from './simulator-time.ts'
import type { Beat } from '../primary/beat.ts'
import type { PrimaryEffect } from '../primary/events.ts'

type Pair = [SimulatedDevice, SimulatedDevice]

export interface DeviceMeshInit {
  time: VirtualTime
  random: SeededRandom
  /** Milliseconds */
  latency: { min: number, max: number }
  pairs: Pair[]
}

/** A connection belongs to one start of each end */
interface Connected {
  pair: Pair
  boots: [string, string]
}

export class DeviceMesh {
  /** From 0 to 1: how many beats are lost */
  loss = 0
  /** Whether orders stay where they are */
  isStuck = false
  private readonly init: DeviceMeshInit
  private readonly partition = new Partition()
  private readonly connected = new Map<Pair, Connected>()
  /** Beats that are signed once, by the bytes that stand for them */
  private readonly signed = new WeakMap<Uint8Array, Beat>()

  constructor (init: DeviceMeshInit) {
    this.init = init
  }

  cut (second: SimulatedDevice[]): void {
    this.partition.cut(second.map(({ name }) => name))
  }

  /** Those who were connected by way of a device that was closed find another way */
  bypass (device: SimulatedDevice): void {
    const [first, ...others] = this.init.pairs.filter(pair => pair.includes(device)).flat().filter(end => end !== device)

    others.forEach(other => { this.init.pairs.push([first, other]) })
  }

  canReach (a: SimulatedDevice, b: SimulatedDevice): boolean {
    return a.isUp && b.isUp && this.partition.canReach(a.name, b.name)
  }

  /** Makes the connections that can be made; a broken one is noticed sooner or later */
  connect (): void {
    for (const pair of this.init.pairs) {
      const [a, b] = pair
      const known = this.connected.get(pair)
      const isStale = known != null && (known.boots[0] !== a.boot || known.boots[1] !== b.boot)
      const reaches = this.canReach(a, b)

      if (known != null && (isStale || (!reaches && this.init.random.chance(0.3)))) {
        this.connected.delete(pair)
        a.handle({ type: 'unlink', device: b.device })
        b.handle({ type: 'unlink', device: a.device })
      }

      if (reaches && !this.connected.has(pair)) {
        this.connected.set(pair, { pair, boots: [a.boot, b.boot] })
        a.handle({ type: 'link', device: b.device })
        b.handle({ type: 'link', device: a.device })
      }
    }
  }

  /** Those who are connected tell each other what they keep */
  exchange (): void {
    for (const [[a, b]] of this.connected) {
      if (this.canReach(a, b)) {
        a.bring(b, this.isStuck)
        b.bring(a, this.isStuck)
      }
    }
  }

  send (from: SimulatedDevice, effect: PrimaryEffect & { type: 'beat' | 'pass' }): void {
    const bytes = effect.type === 'beat' ? new Uint8Array() : effect.bytes

    if (effect.type === 'beat') {
      this.signed.set(bytes, effect.beat)
    }

    for (const pair of this.connected.keys()) {
      const to = pair.includes(from) ? pair.find(end => end !== from) : undefined

      if (to != null && (effect.type === 'beat' || effect.to.includes(to.device))) {
        this.carry(from, to, bytes)
      }
    }
  }

  /** Those who can hear each other, directly or by way of others among them */
  groups (devices: SimulatedDevice[]): SimulatedDevice[][] {
    const left = new Set(devices)

    return devices.flatMap(first => left.has(first) ? [this.takeGroup(first, left)] : [])
  }

  private takeGroup (first: SimulatedDevice, left: Set<SimulatedDevice>): SimulatedDevice[] {
    const group = [first]

    left.delete(first)

    // the list grows while it is gone through
    for (const member of group) {
      const next = [...left].filter(other => this.canReach(member, other) && this.init.pairs.some(pair => pair.includes(member) && pair.includes(other)))

      next.forEach(other => { left.delete(other) })
      group.push(...next)
    }

    return group
  }

  private carry (from: SimulatedDevice, to: SimulatedDevice, bytes: Uint8Array): void {
    const { random, time, latency } = this.init
    const beat = this.signed.get(bytes)
    const { boot } = to

    if (beat == null || random.chance(this.loss)) {
      return
    }

    time.after(random.between(latency.min, latency.max), () => {
      if (to.boot === boot && this.canReach(from, to)) {
        to.handle({ type: 'beat', via: from.device, beat, bytes })
      }
    })
  }
}
