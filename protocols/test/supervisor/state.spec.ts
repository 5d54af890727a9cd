import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { FAST_TRIES, LASTING_MS, MAX_REFUSAL_MS, SLEPT_MS } from '../../src/supervisor/constants.ts'
import { lightOf } from '../../src/supervisor/light.ts'
import { SupervisorState } from '../../src/supervisor/state.ts'
import type { SupervisorEffect, SupervisorEvent } from '../../src/supervisor/state.ts'

const INFO = { peer: 'relay', addrs: ['/ip4/127.0.0.1/tcp/1/ws'], path: '' }
const START = 1_000_000

/** How a dial fails: at once while the port is closed, late while packets vanish */
type Failure = 'closed' | 'silent'

const FAILS_AFTER_MS: Record<Failure, number> = { closed: 5, silent: 10_000 }

/** One relay in virtual time: up or down, dials that take a while, and every effect written down */
class Simulation {
  readonly state: SupervisorState
  readonly tries: number[] = []
  readonly resyncs: number[] = []
  readonly checks: number[] = []
  now = START
  up: boolean
  failure: Failure
  connectedAt?: number
  #answer?: { at: number, event: SupervisorEvent }

  constructor (up: boolean, failure: Failure, random: () => number = Math.random) {
    this.up = up
    this.failure = failure
    this.state = new SupervisorState(random)
  }

  handle (event: SupervisorEvent): void {
    this.state.handle(event, this.now).forEach(effect => { this.#run(effect) })
  }

  /** Lets time pass, step by step from one thing that is due to the next */
  until (end: number): void {
    for (;;) {
      const tick = this.state.nextTick() ?? Infinity
      const next = Math.min(tick, this.#answer?.at ?? Infinity)

      if (next > end) {
        this.now = end

        return
      }

      this.now = Math.max(this.now, next)

      if (this.#answer != null && this.#answer.at <= this.now) {
        const { event } = this.#answer
        this.#answer = undefined

        if (event.type === 'reserved') {
          this.handle({ type: 'linked', peer: 'relay' })
          this.connectedAt = this.now
        }

        this.handle(event)
      } else {
        this.handle({ type: 'tick' })
      }
    }
  }

  down (failure: Failure): void {
    this.up = false
    this.failure = failure
    this.connectedAt = undefined
    this.#answer = undefined
    this.handle({ type: 'lost', peer: 'relay', linked: false })
  }

  #run (effect: SupervisorEffect): void {
    if (effect.type === 'try') {
      this.tries.push(this.now)
      this.#answer = this.up
        ? { at: this.now + 100, event: { type: 'reserved', peer: 'relay' } }
        : { at: this.now + FAILS_AFTER_MS[this.failure], event: { type: 'failed', peer: 'relay' } }
    } else if (effect.type === 'resync') {
      this.resyncs.push(this.now)
    } else if (effect.type === 'check') {
      this.checks.push(this.now)
    }
  }
}

const failures = fc.constantFrom<Failure>('closed', 'silent')
const random = fc.double({ min: 0, max: 0.999, noNaN: true })

describe('supervisor: state', () => {
  it('[SU1] reconnects within 15 s of the return of a relay that was away under 50 s, at start or later', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 49_999 }), failures, fc.boolean(), random, (away, failure, fromStart, chance) => {
      const world = new Simulation(!fromStart, failure, () => chance)
      world.handle({ type: 'add', info: INFO })

      if (!fromStart) {
        world.until(world.now + LASTING_MS + 60_000)
        expect(world.state.states()[0].state).to.equal('connected')
        world.down(failure)
      }

      world.until(world.now + away)
      const back = world.now
      world.up = true
      world.until(back + 15_000)

      expect(world.state.states()[0].state).to.equal('connected')
      expect(world.resyncs).to.have.length(fromStart ? 1 : 2)
    }), { numRuns: 500 })
  })

  it('[SU2] reconnects within 60 s of the return of a relay however long it was away', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 7_200_000 }), failures, random, (away, failure, chance) => {
      const world = new Simulation(false, failure, () => chance)
      world.handle({ type: 'add', info: INFO })
      world.until(world.now + away)
      const back = world.now
      world.up = true
      world.until(back + 60_000)

      expect(world.state.states()[0].state).to.equal('connected')
    }), { numRuns: 500 })
  })

  it('[SU3] tries once, five times at least 10 s apart, then at most once in 30 s', () => {
    fc.assert(fc.property(failures, random, (failure, chance) => {
      const world = new Simulation(false, failure, () => chance)
      world.handle({ type: 'add', info: INFO })
      world.until(START + 600_000)

      const gaps = world.tries.slice(1).map((at, i) => at - world.tries[i])

      expect(world.tries[0]).to.equal(START)
      expect(gaps.slice(0, FAST_TRIES).every(gap => gap >= 10_000 && gap < 12_000)).to.equal(true)
      expect(gaps.slice(FAST_TRIES).every(gap => gap >= 30_000 && gap <= 36_000)).to.equal(true)
    }), { numRuns: 100 })
  })

  it('[SU4] tries at once on a wake-up, and as often afterwards as if it were new', () => {
    const world = new Simulation(false, 'closed')
    world.handle({ type: 'add', info: INFO })
    world.until(START + 300_000)
    expect(world.state.states()[0].state).to.equal('offline')

    world.handle({ type: 'wake' })
    expect(world.tries.at(-1)).to.equal(world.now)
    expect(world.state.states()[0]).to.include({ state: 'connecting', failures: 0 })

    world.up = true
    world.handle({ type: 'wake' })
    world.until(world.now + 11_200)
    expect(world.state.states()[0].state).to.equal('connected')
  })

  it('[SU4] leaves a try alone that began under a second before the wake-up, and replaces an older one', () => {
    const world = new Simulation(false, 'silent')
    world.handle({ type: 'add', info: INFO })
    world.until(START + 999)
    world.handle({ type: 'wake' })
    expect(world.tries).to.have.length(1)
    world.until(START + 1_000)
    world.handle({ type: 'wake' })
    expect(world.tries).to.have.length(2)
  })

  it('[SU5] checks the connected relays on a wake-up, and after a gap that means sleep', () => {
    const world = new Simulation(true, 'closed')
    world.handle({ type: 'add', info: INFO })
    world.until(START + 1_000)
    world.handle({ type: 'wake' })
    expect(world.checks).to.deep.equal([world.now])

    world.now += SLEPT_MS + 1_000
    world.handle({ type: 'tick' })
    expect(world.checks).to.deep.equal([START + 1_000, world.now])
  })

  it('[SU6] counts a connection that does not last as a failure, so that nothing is dialled in a hurry', () => {
    const world = new Simulation(true, 'closed')
    world.handle({ type: 'add', info: INFO })

    for (let i = 0; i < 50; i++) {
      world.until(world.now + 1_000)
      world.handle({ type: 'lost', peer: 'relay', linked: false })
    }

    expect(world.tries.length).to.be.lessThan(8)
  })

  it('[SU7] shows a refusal until it ends, and asks again then', () => {
    const world = new Simulation(true, 'closed')
    world.handle({ type: 'add', info: INFO })
    world.until(START + 200)
    world.handle({ type: 'refused', peer: 'relay', until: START + 3_600_000 })
    expect(world.state.states()[0]).to.include({ state: 'refused', until: START + 3_600_000 })
    expect(lightOf(world.state.states())).to.equal('orange')

    world.until(START + 3_599_999)
    expect(world.tries).to.have.length(1)
    world.until(START + 3_600_200)
    expect(world.state.states()[0].state).to.equal('connected')
  })

  it('[SU7] asks again after a day when a relay refuses for longer', () => {
    const world = new Simulation(true, 'closed')
    world.handle({ type: 'add', info: INFO })
    world.until(START + 200)
    world.handle({ type: 'refused', peer: 'relay', until: Number.MAX_SAFE_INTEGER })
    world.until(START + 200 + MAX_REFUSAL_MS - 1)
    expect(world.tries).to.have.length(1)
    world.until(START + 200 + MAX_REFUSAL_MS)
    expect(world.tries).to.have.length(2)
  })

  it('[SU8] shows the best of all relays', () => {
    const relay = (state: 'connected' | 'connecting' | 'refused' | 'offline'): Parameters<typeof lightOf>[0][number] => ({ info: INFO, state, failures: 0 })

    expect(lightOf([])).to.equal('red')
    expect(lightOf([relay('offline')])).to.equal('red')
    expect(lightOf([relay('offline'), relay('refused')])).to.equal('orange')
    expect(lightOf([relay('refused'), relay('connecting')])).to.equal('yellow')
    expect(lightOf([relay('connecting'), relay('connected'), relay('offline')])).to.equal('green')
  })

  it('[SU9] hangs up and forgets a removed relay, and waits for nothing then', () => {
    const world = new Simulation(false, 'closed')
    world.handle({ type: 'add', info: INFO })
    expect(world.state.handle({ type: 'remove', peer: 'relay' }, world.now)).to.deep.equal([{ type: 'drop', peer: 'relay' }])
    expect(world.state.handle({ type: 'remove', peer: 'relay' }, world.now)).to.deep.equal([])
    expect(world.state.handle({ type: 'failed', peer: 'relay' }, world.now)).to.deep.equal([])
    expect(world.state.nextTick()).to.equal(undefined)
    expect(world.state.states()).to.deep.equal([])
  })
})
