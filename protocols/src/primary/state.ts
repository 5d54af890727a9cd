/**
 * Who of one's own devices is primary, without a clock, timer or network of its own: events go in with the time of a monotonic clock,
 * effects come out.
 *
 * Each device beats. A beat names the newest beats that its maker heard of the others, so whoever finds its own beat named knows that
 * the other was there after it made that beat, whatever clocks show and however long it took. The first device of the order that is
 * alive in this sense, and caught up, is primary. Rules: specs/primary.md.
 */
import { firstActing, firstDespiteOrder, firstInOrder } from './choose.ts'
import { BEAT_JITTER_MS, BEAT_MS, SOON_MS, STALL_MS, SUSPECT_MS } from './constants.ts'
import { rankDevices } from './order.ts'
import { linkedOf, Others } from './others.ts'
import type { DeviceState } from './beat.ts'
import type { Candidates } from './choose.ts'
import type { PrimaryEffect, PrimaryEvent, PrimaryStateInit, PrimaryView } from './events.ts'
import type { DeviceOrder, OwnRecord } from './order.ts'
import type { DeviceId } from '../ids.ts'

export class PrimaryState {
  readonly #init: PrimaryStateInit
  readonly #others: Others
  /** Devices this one is connected to, each with the newest record that was asked for because of it */
  readonly #links = new Map<DeviceId, number>()
  #record: OwnRecord
  #order?: DeviceOrder
  #ranked: DeviceId[] = []
  #unordered: DeviceId[] = []
  #isCaughtUp = false
  #hasLeft = false
  #listensSince: number
  #count = 0
  #lastBeat = -Infinity
  #nextBeat: number
  /** The device whose turn it is and that does not say so, and since when */
  #waiting?: { device: DeviceId, since: number }
  /** What was decided last; unsure: somebody of higher rank may be there */
  #decision: { primary?: DeviceId, isUnsure: boolean } = { isUnsure: true }
  /** What was told of it */
  #view: PrimaryView = { acts: false, alive: [] }
  /** What the latest beat said of this device */
  #said: DeviceState = 'here'
  #due?: number

  constructor (init: PrimaryStateInit) {
    this.#init = init
    this.#record = init.record
    this.#order = init.order
    this.#others = new Others(init.device, init.boot)
    this.#listensSince = init.now
    this.#nextBeat = init.now
    this.#rank()
  }

  handle (event: PrimaryEvent, now: number): PrimaryEffect[] {
    if (this.#hasLeft) {
      return []
    }

    const effects = this.#due != null && now - this.#due > SUSPECT_MS ? this.#sleep(now) : []

    effects.push(...this.#take(event, now))
    this.#decide(now)

    if (!this.#hasLeft && this.#own() !== this.#said) {
      this.#beatSoon(now)
    }

    effects.push(...this.#beats(now), ...this.#changes(now))
    this.#due = this.#dueAfter(now)

    return effects
  }

  view (): PrimaryView {
    return this.#view
  }

  /** When the next `tick` is due, if there is anything to wait for */
  nextTick (): number | undefined {
    return this.#due
  }

  #take (event: PrimaryEvent, now: number): PrimaryEffect[] {
    switch (event.type) {
      case 'caught-up':
        this.#isCaughtUp = true
        return []
      case 'woke':
        return this.#sleep(now)
      case 'leave':
        this.#hasLeft = true
        return []
      case 'record':
        this.#record = event.record
        this.#rank()
        return []
      case 'order':
        this.#order = event.order
        this.#rank()
        return []
      case 'link':
        if (event.device !== this.#init.device && this.#ranked.includes(event.device) && !this.#links.has(event.device)) {
          this.#links.set(event.device, this.#record.seq)
          this.#beatSoon(now)
        }
        return []
      case 'unlink':
        this.#links.delete(event.device)
        return []
      case 'beat':
        return this.#hear(event, now)
      default:
        return []
    }
  }

  #hear ({ via, beat, bytes }: Extract<PrimaryEvent, { type: 'beat' }>, now: number): PrimaryEffect[] {
    const effects = this.#askForRecord(via, beat.rec)

    if (beat.device === this.#init.device || !this.#ranked.includes(beat.device) || !this.#ranked.includes(via)) {
      return effects
    }

    const { counts, isNewBoot } = this.#others.hear(beat, now)

    if (isNewBoot) {
      this.#beatSoon(now)
    }

    const reached = linkedOf(beat).add(beat.device).add(via)
    const to = counts ? [...this.#links.keys()].filter(device => !reached.has(device)) : []

    return to.length === 0 ? effects : [...effects, { type: 'pass', bytes, to }]
  }

  #askForRecord (via: DeviceId, seq: number): PrimaryEffect[] {
    const asked = this.#links.get(via)

    if (asked == null || seq <= this.#record.seq || seq === asked) {
      return []
    }

    this.#links.set(via, seq)

    return [{ type: 'fetch-record', from: via, seq }]
  }

  #rank (): void {
    this.#ranked = rankDevices(this.#record, this.#order)
    this.#unordered = rankDevices(this.#record)

    const open = new Set(this.#ranked)
    const closed = [...this.#links.keys()].filter(device => !open.has(device))

    this.#others.keep(open)
    closed.forEach(device => { this.#links.delete(device) })
  }

  #sleep (now: number): PrimaryEffect[] {
    const wasCaughtUp = this.#isCaughtUp

    this.#isCaughtUp = false
    this.#listensSince = now
    this.#beatSoon(now)

    return wasCaughtUp ? [{ type: 'catch-up' }] : []
  }

  /** Sets who is primary */
  #decide (now: number): void {
    const candidates = this.#candidates(now)
    const first = firstInOrder(candidates)
    let primary = first === 'unsure' ? undefined : first

    if (first === 'unsure') {
      this.#waiting = undefined
      primary = firstActing({ ...candidates, acts: false })
    } else if (first == null || first === this.#init.device || candidates.state(first) === 'acts') {
      this.#waiting = undefined
    } else {
      this.#waiting = this.#waiting?.device === first ? this.#waiting : { device: first, since: now }

      if (now - this.#waiting.since >= STALL_MS) {
        primary = firstDespiteOrder(candidates)
      }
    }

    this.#decision = { primary: this.#hasLeft ? undefined : primary, isUnsure: first === 'unsure' }
  }

  #candidates (now: number): Candidates {
    const listens = now - this.#listensSince < SUSPECT_MS

    return {
      self: this.#init.device,
      ranked: this.#ranked,
      unordered: this.#unordered,
      isCaughtUp: this.#isCaughtUp && !this.#hasLeft,
      acts: this.#view.acts,
      state: device => this.#others.state(device, now),
      mayBeThere: device => listens && !this.#others.wasHeardSince(device, this.#listensSince)
    }
  }

  /** What this device has to say of itself */
  #own (): DeviceState {
    if (this.#hasLeft) {
      return 'leaves'
    }

    if (this.#decision.primary === this.#init.device) {
      return 'acts'
    }

    return this.#isCaughtUp && !this.#decision.isUnsure ? 'ready' : 'here'
  }

  #beatSoon (now: number): void {
    this.#nextBeat = Math.min(this.#nextBeat, Math.max(now, this.#lastBeat + SOON_MS))
  }

  #beats (now: number): PrimaryEffect[] {
    const isDue = now >= this.#nextBeat || this.#hasLeft

    if (!isDue || this.#links.size === 0 || !this.#ranked.includes(this.#init.device)) {
      return []
    }

    const { identity, device, boot, random } = this.#init
    const count = this.#count++

    this.#said = this.#own()
    this.#lastBeat = now
    this.#nextBeat = now + BEAT_MS + random() * BEAT_JITTER_MS
    this.#others.sent(count, now)

    return [{
      type: 'beat',
      beat: { identity, device, rec: this.#record.seq, boot, count, state: this.#said, heard: this.#others.heard(new Set(this.#links.keys()), now) }
    }]
  }

  #changes (now: number): PrimaryEffect[] {
    const { primary } = this.#decision
    const alive = this.#ranked.filter(device => this.#others.isAlive(device, now))
    const before = this.#view

    if (before.primary === primary && before.alive.join() === alive.join()) {
      return []
    }

    this.#view = { ...(primary == null ? {} : { primary }), acts: primary === this.#init.device, alive }

    return [{ type: 'changed', view: this.#view }]
  }

  #dueAfter (now: number): number | undefined {
    if (this.#hasLeft) {
      return undefined
    }

    const times = [
      ...this.#others.ends(now),
      ...(this.#links.size === 0 ? [] : [this.#nextBeat]),
      ...(this.#waiting == null ? [] : [this.#waiting.since + STALL_MS]),
      this.#listensSince + SUSPECT_MS
    ].filter(time => time > now)

    return times.length === 0 ? undefined : Math.min(...times)
  }
}
