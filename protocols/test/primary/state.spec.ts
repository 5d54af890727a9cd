import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { MAX_SEQ } from '../../src/limits.ts'
import { BEAT_MS, MAX_REMEMBERED_BEATS, SOON_MS, STALL_MS, SUSPECT_MS } from '../../src/primary/constants.ts'
import { Others } from '../../src/primary/others.ts'
import { device, IDENTITY, recordOf, World } from './world.ts'
import type { Beat } from '../../src/primary/beat.ts'

const random = fc.double({ min: 0, max: 0.999, noNaN: true })

/** A world in which the first device is primary, and everybody knows */
function settled (init: ConstructorParameters<typeof World>[0]): World {
  const world = new World(init)

  world.pass(SUSPECT_MS + 5_000)

  return world
}

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

describe('primary: beats', () => {
  it('[PR11] two beats in a row that are lost change nothing, whoever sent them', () => {
    fc.assert(fc.property(fc.constantFrom([0, 0], [0, 1], [1, 0], [1, 1]), fc.nat(9), random, (lost, skip, chance) => {
      const world = settled({ count: 2, latency: 500, random: () => chance })
      const seen = new Set<string>()
      let left = [...lost]
      let before = skip

      world.arrives = ({ from }) => {
        const isLost = before-- <= 0 && left[0] === from

        left = isLost ? left.slice(1) : left

        return !isLost
      }

      for (let i = 0; i < 90; i++) {
        world.pass(1_000)
        seen.add(`${world.acting().join()} ${world.view(0).alive.length} ${world.view(1).alive.length}`)
      }

      expect([...seen]).to.deep.equal(['0 1 1'])
      expect(left).to.deep.equal([])
    }), { numRuns: 100 })
  })

  it('[PR10] come every 4 s, and never two within a second', () => {
    const world = settled({ count: 2 })

    world.carried.length = 0
    world.pass(60_000)

    const times = world.carried.filter(({ from }) => from === 0).map(({ at }) => at)

    expect(times.length).to.be.within(13, 15)

    for (let i = 0; i < 50; i++) {
      world.handle(0, { type: 'unlink', device: device(1) })
      world.handle(0, { type: 'link', device: device(1) })
      world.pass(20)
    }

    const all = world.carried.filter(({ from }) => from === 0).map(({ at }) => at)

    expect(all.slice(1).every((at, i) => at - all[i] >= SOON_MS)).to.equal(true)
  })

  it('[PR4] a copy is no news', () => {
    const world = settled({ count: 3, pairs: [[0, 1], [1, 2]] })
    const one = world.devices.get(1)
    const latest = world.carried.findLast(({ from, to }) => from === 0 && to === 1)

    expect(latest).to.not.equal(undefined)

    if (one != null && latest != null) {
      one.effects.length = 0
      world.handle(1, { type: 'beat', via: device(0), beat: latest.beat, bytes: latest.bytes })
      expect(one.effects).to.deep.equal([])
    }
  })

  it('[PR5] [PR6] beats that were kept keep nobody alive, in whatever order they come again', () => {
    const world = settled({ count: 2 })
    const kept: Beat[] = []

    world.arrives = ({ from, beat }) => {
      if (from === 0) {
        kept.push(beat)
      }

      return from !== 0
    }
    world.pass(SUSPECT_MS - 2 * BEAT_MS)
    world.crash(0)
    world.arrives = () => true

    // they were never seen, so their counts are news; what they prove is over all the same
    for (let i = 0; i < 60; i++) {
      world.pass(500)
      kept.splice(0, 1).forEach(beat => { world.handle(1, { type: 'beat', via: device(0), beat, bytes: new Uint8Array() }) })
    }

    expect(world.acting()).to.deep.equal([1])
    expect(world.view(1).alive).to.deep.equal([])
  })

  it('[PR5] a device that starts anew believes nothing that was made before', () => {
    const world = settled({ count: 2 })
    const old = world.carried.filter(({ from }) => from === 0).map(({ beat }) => beat)

    world.crash(0)
    world.crash(1)
    world.start(1)

    for (const beat of old) {
      world.pass(500)
      world.handle(1, { type: 'beat', via: device(0), beat, bytes: new Uint8Array() })
      expect(world.view(1).alive).to.deep.equal([])
    }

    world.pass(SUSPECT_MS)
    expect(world.acting()).to.deep.equal([1])
  })

  it('[PR6] a boot that was left behind never comes back', () => {
    const world = settled({ count: 2 })
    const old = world.carried.findLast(({ from }) => from === 0)?.beat

    expect(old).to.not.equal(undefined)

    if (old != null) {
      world.crash(0)
      world.start(0)
      world.pass(5_000)
      expect(world.view(1).alive).to.deep.equal([device(0)])

      for (const count of [old.count + 1, old.count + 1_000, MAX_SEQ]) {
        world.handle(1, { type: 'beat', via: device(0), beat: { ...old, count, state: 'leaves' }, bytes: new Uint8Array() })
        expect(world.view(1).alive).to.deep.equal([device(0)])
      }

      world.pass(30_000)
      expect(world.acting()).to.deep.equal([0])
      expect(world.view(1).alive).to.deep.equal([device(0)])
    }
  })

  it('[PR5] the 32 newest own beats prove something, the one before them nothing', () => {
    const boot = 'a'.repeat(32)
    const naming = (count: number): Beat => ({
      identity: IDENTITY, device: device(0), rec: 0, boot: 'b'.repeat(32), count: 0, state: 'acts', heard: [{ device: device(1), boot, count, linked: true }]
    })

    for (const [count, isAlive] of [[0, false], [1, true], [MAX_REMEMBERED_BEATS, true], [MAX_REMEMBERED_BEATS + 1, false]] as const) {
      const others = new Others(device(1), boot)

      for (let i = 0; i <= MAX_REMEMBERED_BEATS; i++) {
        others.sent(i, 0)
      }

      others.hear(naming(count), 0)
      expect(others.isAlive(device(0), 0), String(count)).to.equal(isAlive)
    }
  })

  it('[PR3] a device that was closed counts no longer, nor what comes by way of it', () => {
    const world = settled({ count: 3, pairs: [[0, 1], [1, 2]] })
    const record = recordOf(3, { seq: 1, without: 1 })

    world.handle(2, { type: 'record', record })
    expect(world.view(2).alive).to.not.include(device(1))
    world.pass(30_000)
    expect(world.view(2)).to.deep.equal({ primary: device(2), acts: true, alive: [] })
    world.handle(1, { type: 'record', record })
    world.pass(30_000)
    expect(world.view(1).acts).to.equal(false)
  })

  it('[PR3] a newer record is asked for once for each number and neighbour', () => {
    const world = settled({ count: 3 })
    const one = world.devices.get(1)

    one?.effects.splice(0)
    world.handle(0, { type: 'record', record: recordOf(3, { seq: 4 }) })
    world.pass(30_000)
    expect(one?.effects.filter(({ type }) => type === 'fetch-record')).to.deep.equal([{ type: 'fetch-record', from: device(0), seq: 4 }])
    world.handle(0, { type: 'record', record: recordOf(3, { seq: 5 }) })
    world.pass(30_000)
    expect(one?.effects.filter(({ type }) => type === 'fetch-record')).to.have.length(2)
  })
})
