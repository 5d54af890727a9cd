import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { memoryDisk, memoryStore } from '../../../src/storage/index.ts'
import { MAX_CACHED_BYTES, MAX_INLINE_VALUE_BYTES, MAX_LISTED_DEAD } from '../../../src/storage/sealed/constants.ts'
import { openSealedStore } from '../../../src/storage/sealed/index.ts'
import { storeSuite } from '../../../src/testing/store-suite.ts'
import { cases } from '../../cases.ts'
import { all, makeKeys, makeSealed, numbered } from './make-sealed.ts'
import type { Store, StoreOp } from '../../../src/interface.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const STRICT = { durability: 'strict' } as const

/** A store that counts what is asked of it */
function counting (store: Store): Store & { gets: number, batches: StoreOp[][], ranges: number } {
  return {
    ...store,
    gets: 0,
    batches: [],
    ranges: 0,
    async get (key) {
      this.gets++

      return store.get(key)
    },
    async batch (ops, options) {
      this.batches.push(ops)

      return store.batch(ops, options)
    },
    range (options) {
      this.ranges++

      return store.range(options)
    }
  }
}

function puts (from: number, to: number, length = 600): StoreOp[] {
  return Array.from({ length: to - from }, (_, i) => ({ type: 'put', key: numbered(from + i), value: new Uint8Array(length).fill(from + i) }))
}

const key = fc.oneof(fc.integer({ min: 0, max: 300 }).map(numbered), fc.uint8Array({ minLength: 1, maxLength: 12 }))
const value = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.tuple(fc.integer({ min: 0, max: 2 * MAX_INLINE_VALUE_BYTES }), fc.nat(255)).map(([length, fill]) => new Uint8Array(length).fill(fill))
)
const op: fc.Arbitrary<StoreOp> = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key, value }),
  fc.record({ type: fc.constant('delete' as const), key })
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('batch' as const), ops: fc.array(op, { maxLength: 40 }), strict: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), from: key, to: key }) },
  { weight: 1, arbitrary: fc.constant({ do: 'cut' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) }
)

storeSuite('sealed, in memory', async () => makeSealed(memoryStore(), await makeKeys()))
storeSuite('sealed, on a memory disk', async () => makeSealed(memoryDisk().open(), await makeKeys()))

describe('sealed store', () => {
  it('[ST66] is what a plain store would be, whatever is done and whenever the power is cut', async function () {
    this.timeout(120_000)

    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
      const [disk, plainDisk] = [memoryDisk(), memoryDisk()]
      const keys = await makeKeys()
      let store: Store = await makeSealed(disk.open(), keys)
      let plain = plainDisk.open()

      for (const step of steps) {
        if (step.do === 'batch') {
          const options = step.strict ? STRICT : {}
          await Promise.all([store.batch(step.ops, options), plain.batch(step.ops, options)])
        } else if (step.do === 'clear') {
          const ops = (await all(plain, { gte: step.from, lt: step.to })).map(([key]): StoreOp => ({ type: 'delete', key }))
          await Promise.all([store.batch(ops), plain.batch(ops)])
        } else {
          if (step.do === 'cut') {
            disk.powerCut()
            plainDisk.powerCut()
          }

          plain = plainDisk.open()
          store = await openSealedStore({ store: disk.open(), keys })
        }

        expect(await all(store)).to.deep.equal(await all(plain))
      }

      const bounds = { gte: numbered(40), lt: numbered(200) }
      expect(await all(store, bounds)).to.deep.equal(await all(plain, bounds))
      expect(await all(store, { ...bounds, reverse: true })).to.deep.equal(await all(plain, { ...bounds, reverse: true }))
    }), { numRuns: Math.max(50, cases / 50) })
  })

  it('[ST66] writes that wait for the one before share a commit', async () => {
    const below = counting(memoryStore())
    const store = await makeSealed(below, await makeKeys())
    const before = below.batches.length
    await Promise.all(puts(0, 200).map(async ({ key }) => store.put(key, key)))

    expect(below.batches.length - before).to.equal(2)
    expect(await all(store)).to.have.lengthOf(200)
  })

  it('[ST66] a commit that fails below leaves what was there, and the next one works', async () => {
    const below = memoryStore()
    let fail: 'before' | 'after' | undefined
    const store = await makeSealed({
      ...below,
      get: async key => below.get(key),
      range: options => below.range(options),
      async batch (ops, options) {
        if (fail === 'before') {
          throw new Error('no space')
        }

        await below.batch(ops, options)

        if (fail === 'after') {
          throw new Error('it cannot be said whether it was written')
        }
      }
    }, await makeKeys())
    await store.put(bytes(1), bytes(1))

    fail = 'before'
    await expect(store.put(bytes(1), bytes(2))).to.eventually.be.rejectedWith('no space')
    expect(await store.get(bytes(1))).to.deep.equal(bytes(1))

    fail = 'after'
    await expect(store.put(bytes(1), bytes(3))).to.eventually.be.rejectedWith('whether it was written')

    fail = undefined
    await store.put(bytes(2), bytes(2))
    expect(await all(store)).to.deep.equal([[bytes(1), bytes(3)], [bytes(2), bytes(2)]])
  })

  it('[ST65] deletes what was replaced, once no range reads it', async () => {
    const below = memoryStore()
    const store = await makeSealed(below, await makeKeys())
    await store.batch(puts(0, 500))
    const size = (await all(below)).length

    const range = store.range()[Symbol.asyncIterator]()
    await range.next()

    for (let i = 0; i < 20; i++) {
      await store.batch(puts(0, 500))
    }

    expect((await all(below)).length).to.be.above(10 * size)
    await range.return?.()
    await store.put(bytes(1), bytes(1))
    await store.put(bytes(1), bytes(1))

    // the last commit's own are still there
    expect((await all(below)).length).to.be.below(size + 10)
  })

  it('[ST65] a program that ends while a range reads leaves nothing over for ever, up to the most that the root lists', async () => {
    const disk = memoryDisk()
    const keys = await makeKeys()
    const store = await makeSealed(disk.open(), keys)
    await store.batch(puts(0, 500))
    const size = (await all(disk.open())).length
    await store.range()[Symbol.asyncIterator]().next()
    const rounds = Math.floor(MAX_LISTED_DEAD / size) - 1

    for (let i = 0; i < rounds; i++) {
      await store.batch(puts(0, 500))
    }

    const again = await openSealedStore({ store: disk.open(), keys })
    await again.put(bytes(1), bytes(1))
    await again.close()

    expect((await all(disk.open())).length).to.be.below(size + 10)
  })

  it('[ST65] lists no more than that, and a sweep finds the rest', async () => {
    const disk = memoryDisk()
    const keys = await makeKeys()
    const store = await makeSealed(disk.open(), keys)
    await store.batch(puts(0, 500))
    const size = (await all(disk.open())).length
    await store.range()[Symbol.asyncIterator]().next()

    for (let i = 0; i < Math.ceil(MAX_LISTED_DEAD / size) + 10; i++) {
      await store.batch(puts(0, 500))
    }

    const again = await openSealedStore({ store: disk.open(), keys })
    await again.put(bytes(1), bytes(1))
    await again.put(bytes(1), bytes(1))
    expect((await all(disk.open())).length).to.be.above(size + 10)

    expect(await again.sweep()).to.be.above(0)
    expect((await all(disk.open())).length).to.be.below(size + 10)
    expect(await all(again)).to.have.lengthOf(501)
  })

  it('[ST67] opening reads two records, however many there are', async () => {
    const disk = memoryDisk()
    const keys = await makeKeys()
    const store = await makeSealed(disk.open(), keys)

    for (let from = 0; from < 20_000; from += 2_000) {
      await store.batch(puts(from, from + 2_000, 50))
    }

    await store.close()
    const below = counting(disk.open())
    await openSealedStore({ store: below, keys })

    expect(below.gets).to.equal(2)
    expect(below.ranges).to.equal(0)
  })

  it('[ST67] keeps no more nodes in memory than is said, and those at the top the longest', async () => {
    const below = counting(memoryStore())
    const store = await makeSealed(below, await makeKeys())
    const count = Math.ceil(2 * MAX_CACHED_BYTES / 1_000)

    for (let from = 0; from < count; from += 1_000) {
      await store.batch(puts(from, from + 1_000, 1_000))
    }

    below.gets = 0

    for (let n = 0; n < count; n += 100) {
      await store.get(numbered(n))
    }

    // at the most the leaf and one branch of each: what is above stays
    expect(below.gets).to.be.within(count / 100 / 4, 2 * count / 100)
  })

  it('[ST68] locked, it refuses everything until it is unlocked; writes asked for before are done', async () => {
    const keys = await makeKeys()
    const store = await makeSealed(memoryStore(), keys)
    await store.batch(puts(0, 100))
    const range = store.range()[Symbol.asyncIterator]()
    await range.next()
    const write = store.put(bytes(9), bytes(9))
    const locked = store.lock()

    for (const call of [
      async () => store.get(bytes(1)),
      async () => store.getMany([]),
      async () => store.put(bytes(1), bytes(1)),
      async () => store.delete(bytes(1)),
      async () => store.batch([]),
      async () => all(store),
      async () => range.next(),
      async () => store.sweep()
    ]) {
      await expect(call()).to.eventually.be.rejected.with.property('name', 'StoreSealedError')
    }

    await Promise.all([write, locked, store.lock()])
    await expect(store.unlock(await makeKeys())).to.eventually.be.rejected.with.property('name', 'StoreSealedError')
    await expect(store.get(bytes(9))).to.eventually.be.rejected.with.property('name', 'StoreSealedError')

    await store.unlock(keys)
    await store.unlock(keys)
    expect(await store.get(bytes(9))).to.deep.equal(bytes(9))
    expect(await all(store)).to.have.lengthOf(101)

    await store.close()
    await expect(store.unlock(keys)).to.eventually.be.rejected.with.property('name', 'NotStartedError')
  })

  it('[ST61] two of them in one store do not see each other; [ST70] a sweep leaves only one', async () => {
    const below = memoryStore()
    const [keys, otherKeys] = [await makeKeys(), await makeKeys()]
    const [store, other] = [await makeSealed(below, keys), await makeSealed(below, otherKeys)]
    await store.batch(puts(0, 300))
    await other.batch(puts(300, 600, 5_000))

    expect(await all(store)).to.have.lengthOf(300)
    expect(await all(other)).to.have.lengthOf(300)

    expect(await store.sweep()).to.be.above(300)
    expect(await all(store)).to.have.lengthOf(300)
    await expect(openSealedStore({ store: below, keys: otherKeys })).to.eventually.be.rejected.with.property('name', 'StoreDamagedError')
  })

  it('[ST70] a sweep takes nothing that is being written or read', async () => {
    const store = await makeSealed(memoryStore(), await makeKeys())
    await store.batch(puts(0, 500))
    const range = all(store)
    const writes = Array.from({ length: 20 }, async (_, i) => store.batch(puts(i * 100, i * 100 + 100, i * 300)))
    await Promise.all([store.sweep(), range, ...writes, store.sweep()])

    expect(await range).to.have.lengthOf(500)
    expect(await all(store)).to.have.lengthOf(2_000)
  })
})
