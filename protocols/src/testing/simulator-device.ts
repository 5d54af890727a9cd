/** A device of one person as the election of the primary sees it: it has a clock that shows anything, sleeps, dies and comes back. */
import { ActRegister } from '../primary/index.ts'
import { PrimaryState } from '../primary/state.ts'
import type { DeviceId, IdentityId } from '../ids.ts'
import type { SeededRandom } from './simulator-random.ts'
import type { VirtualTime } from './simulator-time.ts'
import type { PrimaryEffect, PrimaryEvent } from '../primary/events.ts'
import type { ActId, DeviceOrder, OwnRecord } from '../primary/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** What devices keep on disk and bring to each other when they meet, as sync does */
export interface Kept {
  record: OwnRecord
  /** The newest order, by its version */
  order?: DeviceOrder & { version: number }
  acts: ActRegister
  /** What had an effect here, in the order in which it did */
  effects: ActId[]
  asked: Set<ActId>
  /** Who did what: one act can stand here twice */
  log: Set<string>
}

export interface SimulatedDeviceInit {
  name: string
  identity: IdentityId
  device: DeviceId
  record: OwnRecord
  time: VirtualTime
  random: SeededRandom
  send (from: SimulatedDevice, bytes: PrimaryEffect & { type: 'beat' | 'pass' }): void
}

export class SimulatedDevice {
  readonly name: string
  readonly device: DeviceId
  readonly kept: Kept
  /** Absent while it is off */
  state?: PrimaryState
  /** Changes with each start */
  boot = ''
  isAsleep = false
  isCaughtUp = false
  /** It was closed and takes no record that says so */
  isDeaf = false
  private readonly init: SimulatedDeviceInit
  /** What its own clock shows while virtual time shows zero */
  private skew = 0
  private ticks = 0

  constructor (init: SimulatedDeviceInit) {
    this.init = init
    this.name = init.name
    this.device = init.device
    this.kept = { record: init.record, acts: new ActRegister(), effects: [], asked: new Set(), log: new Set() }
  }

  get isUp (): boolean {
    return this.state != null && !this.isAsleep
  }

  get acts (): boolean {
    return this.state?.view().acts === true
  }

  start (): void {
    const { random, identity, device } = this.init

    this.skew = random.between(-DAY_MS, DAY_MS)
    this.boot = random.between(0, 2 ** 32 - 1).toString(16).padStart(32, '0')
    this.isCaughtUp = false
    this.state = new PrimaryState({
      identity,
      device,
      record: this.kept.record,
      order: this.kept.order,
      boot: this.boot,
      random: () => random.next(),
      now: this.now()
    })
    this.handle({ type: 'tick' })
    this.catchUp()
  }

  /** The power fails */
  crash (): void {
    this.state = undefined
  }

  stop (): void {
    this.handle({ type: 'leave' })
    this.state = undefined
  }

  sleep (): void {
    this.isAsleep = true
  }

  wake (isNoticed: boolean): void {
    this.isAsleep = false
    this.handle({ type: isNoticed ? 'woke' : 'tick' })
  }

  handle (event: PrimaryEvent): void {
    const { state } = this

    if (state == null || this.isAsleep) {
      return
    }

    for (const effect of state.handle(event, this.now())) {
      if (effect.type === 'beat' || effect.type === 'pass') {
        this.init.send(this, effect)
      } else if (effect.type === 'catch-up') {
        this.isCaughtUp = false
        this.catchUp()
      }
    }

    this.plan()
  }

  ask (id: ActId): void {
    this.kept.asked.add(id)
    this.kept.acts.ask(id)
  }

  /** What the primary does: all that is due */
  work (): void {
    if (this.isUp && this.acts) {
      this.kept.acts.due().forEach(id => { this.learn(`${id} by ${this.name}`) })
    }
  }

  /** Brings what this device has to another one, an order only unless that is stuck */
  bring (other: SimulatedDevice, isStuck: boolean): void {
    const { record, order, asked, log } = this.kept

    if (record.seq > other.kept.record.seq && !other.isDeaf) {
      other.kept.record = record
      other.handle({ type: 'record', record })
    }

    if (!isStuck && order != null && order.version > (other.kept.order?.version ?? 0)) {
      other.setOrder(order)
    }

    asked.forEach(id => { other.ask(id) })
    log.forEach(line => { other.learn(line) })
  }

  setOrder (order: NonNullable<Kept['order']>): void {
    this.kept.order = order
    this.handle({ type: 'order', order })
  }

  private learn (line: string): void {
    const id = line.split(' ')[0] as ActId

    if (this.kept.log.has(line)) {
      return
    }

    this.kept.log.add(line)

    if (this.kept.acts.done(id)) {
      this.kept.effects.push(id)
    }
  }

  private now (): number {
    return this.init.time.now() + this.skew
  }

  private catchUp (): void {
    const { boot, init } = this

    init.time.after(init.random.between(100, 5_000), () => {
      if (this.boot === boot && this.isUp) {
        this.isCaughtUp = true
        this.handle({ type: 'caught-up' })
      } else if (this.boot === boot && this.state != null) {
        this.catchUp()
      }
    })
  }

  private plan (): void {
    const due = this.state?.nextTick()
    const tick = ++this.ticks

    if (due != null) {
      this.init.time.after(Math.ceil(due - this.now()), () => {
        if (tick === this.ticks) {
          this.handle({ type: 'tick' })
        }
      })
    }
  }
}
