import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { MAX_SEQ } from '../../src/limits.ts'
import { BEAT_MS, MAX_REMEMBERED_BEATS, SOON_MS, SUSPECT_MS } from '../../src/primary/constants.ts'
import { Others } from '../../src/primary/others.ts'
import { device, IDENTITY, recordOf, settled } from './world.ts'
import type { Beat } from '../../src/primary/beat.ts'

const random = fc.double({ min: 0, max: 0.999, noNaN: true })

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
