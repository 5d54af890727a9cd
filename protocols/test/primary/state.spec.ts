import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { SOON_MS, STALL_MS, SUSPECT_MS } from '../../src/primary/constants.ts'
import { device, settled, World } from './world.ts'

const random = fc.double({ min: 0, max: 0.999, noNaN: true })

describe('primary: who it is', () => {
  it('[PR21] is the first of the order, for all of them, whatever their clocks show', () => {
    const world = settled({ count: 4, orders: Array.from({ length: 4 }, () => ({ order: [device(2), device(1)] })) })

    expect(world.acting()).to.deep.equal([2])
    expect([0, 1, 2, 3].map(i => world.view(i).primary)).to.deep.equal(Array.from({ length: 4 }, () => device(2)))
    expect(world.view(0).alive).to.have.members([1, 2, 3].map(device))
  })

  it('[PR21] a device alone is primary once it is caught up, and waits for nothing after that', () => {
    const world = new World({ count: 1 })

    world.crash(0)
    world.start(0, false)
    world.pass(SUSPECT_MS * 3)
    expect(world.acting()).to.deep.equal([])
    expect(world.devices.get(0)?.state.nextTick()).to.equal(undefined)

    world.handle(0, { type: 'caught-up' })
    expect(world.acting()).to.deep.equal([0])
    expect(world.devices.get(0)?.state.nextTick()).to.equal(undefined)
    expect(world.carried).to.deep.equal([])
  })

  it('[PR24] the next takes over within 30 s of a death, whenever it comes and however the beats fall', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), random, fc.integer({ min: 1, max: 1_500 }), (when, chance, latency) => {
      const world = settled({ count: 3, latency, random: () => chance })

      world.pass(when)
      world.crash(0)
      world.pass(30_000)
      expect(world.acting()).to.deep.equal([1])
      expect(world.view(2).primary).to.equal(device(1))

      world.crash(1)
      world.pass(30_000)
      expect(world.acting()).to.deep.equal([2])
    }), { numRuns: 100 })
  })

  it('[PR12] [PR24] the next takes over at once after a farewell, and not sooner', () => {
    const world = settled({ count: 3 })

    world.pass(SOON_MS)
    expect(world.acting()).to.deep.equal([0])
    world.handle(0, { type: 'leave' })
    world.pass(100)
    expect(world.acting()).to.deep.equal([1])
    expect(world.view(2)).to.deep.equal({ primary: device(1), acts: false, alive: [device(1)] })
    world.pass(SUSPECT_MS)
    expect(world.devices.get(0)?.state.nextTick()).to.equal(undefined)
  })

  it('[PR21] who returns is primary again once it is caught up, and the other ends', () => {
    const world = settled({ count: 3 })

    world.crash(0)
    world.pass(30_000)
    world.start(0, false)
    world.pass(60_000)
    expect(world.acting()).to.deep.equal([1])
    expect(world.view(0).primary).to.equal(device(1))

    world.handle(0, { type: 'caught-up' })
    world.pass(2 * SOON_MS)
    expect(world.acting()).to.deep.equal([0])
    expect(world.view(2).primary).to.equal(device(0))
  })

  it('[PR22] who starts waits for those before it, and does not disturb who is primary', () => {
    const world = settled({ count: 3 })
    let acted = 0

    world.crash(2)
    world.start(2)

    for (let i = 0; i < 2 * SUSPECT_MS; i += 500) {
      world.pass(500)
      acted += world.acting().length === 1 && world.acting()[0] === 0 ? 0 : 1
    }

    expect(acted).to.equal(0)
    world.crash(0)
    world.crash(1)
    world.crash(2)
    world.start(2)
    world.pass(SUSPECT_MS - 1)
    expect(world.acting()).to.deep.equal([])
    world.pass(1)
    expect(world.acting()).to.deep.equal([2])
  })

  it('[PR23] who slept is not primary until it is caught up again, whoever notices', () => {
    for (const notice of ['woke', 'tick'] as const) {
      const world = settled({ count: 2 })
      const sleeper = world.devices.get(0)

      expect(sleeper).to.not.equal(undefined)

      if (sleeper != null) {
        sleeper.isAsleep = true
        world.pass(60_000)
        expect(world.view(1).acts).to.equal(true)
        sleeper.isAsleep = false
        sleeper.effects.length = 0
        world.handle(0, { type: notice })
        expect(sleeper.effects.filter(({ type }) => type === 'catch-up')).to.have.length(1)
        expect(world.acting()).to.deep.equal([1])
        world.pass(30_000)
        expect(world.acting()).to.deep.equal([1])
        world.handle(0, { type: 'caught-up' })
        world.pass(2 * SOON_MS)
        expect(world.acting()).to.deep.equal([0])
      }
    }
  })

  it('[PR25] devices that take each other for primary agree on one after a while, and on the right one with the same order', () => {
    const [zero, one] = [{ order: [device(0)] }, { order: [device(1)] }]
    const world = settled({ count: 3, orders: [one, zero, zero] })

    world.pass(STALL_MS)
    expect(world.acting()).to.deep.equal([0])
    expect([0, 1, 2].map(i => world.view(i).primary)).to.deep.equal(Array.from({ length: 3 }, () => device(0)))

    for (const i of [1, 2]) {
      world.handle(i, { type: 'order', order: one })
    }

    world.pass(3 * SOON_MS)
    expect(world.acting()).to.deep.equal([1])
  })

  it('[PR20] an order that is dragged, and a device that is fixed, count at once', () => {
    const world = settled({ count: 3 })

    for (const [order, expected] of [[{ order: [device(2)] }, 2], [{ order: [device(2)], fixed: device(1) }, 1], [undefined, 0]] as const) {
      const chosen = order == null ? undefined : { ...order, order: [...order.order] }

      ;[0, 1, 2].forEach(i => { world.handle(i, { type: 'order', order: chosen }) })
      world.pass(2 * SOON_MS)
      expect(world.acting()).to.deep.equal([expected])
    }
  })

  it('[PR26] devices that only a third one connects see each other, and nothing is passed on where all are connected', () => {
    const chain = settled({ count: 4, pairs: [[0, 3], [3, 1], [1, 2]] })

    expect(chain.acting()).to.deep.equal([0])
    expect([1, 2, 3].map(i => chain.view(i).primary)).to.deep.equal(Array.from({ length: 3 }, () => device(0)))
    chain.crash(0)
    chain.pass(30_000)
    expect(chain.acting()).to.deep.equal([1])
    expect(chain.carried.some(({ from, beat }) => beat.device !== device(from))).to.equal(true)

    const mesh = settled({ count: 4 })

    mesh.carried.length = 0
    mesh.pass(60_000)
    expect(mesh.carried.length).to.be.above(100)
    expect(mesh.carried.filter(({ from, beat }) => beat.device !== device(from))).to.deep.equal([])
  })

  it('[PR13] a farewell is passed on', () => {
    const chain = settled({ count: 3, pairs: [[0, 2], [2, 1]] })

    chain.handle(0, { type: 'leave' })
    chain.pass(100)
    expect(chain.acting()).to.deep.equal([1])
  })

  it('[PR27] in a partition there is one on each side, and one when it heals', () => {
    const world = settled({ count: 4 })

    world.arrives = ({ from, to }) => (from < 2) === (to < 2)
    world.pass(30_000)
    expect(world.acting()).to.deep.equal([0, 2])
    world.arrives = () => true
    world.pass(10_000)
    expect(world.acting()).to.deep.equal([0])
  })
})
