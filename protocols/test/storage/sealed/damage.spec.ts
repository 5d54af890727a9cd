import { expect } from 'aegir/chai'
import { toHex } from '../../../src/ids.ts'
import { compareKeys } from '../../../src/storage/checks.ts'
import { memoryStore } from '../../../src/storage/index.ts'
import { MAX_INLINE_VALUE_BYTES, MAX_NODE_BYTES } from '../../../src/storage/sealed/constants.ts'
import { openSealedStore, salvageSealedStore } from '../../../src/storage/sealed/index.ts'
import { checkTree } from './check-tree.ts'
import { all, makeKeys, makeSealed, numbered } from './make-sealed.ts'
import type { Store, StoreOp } from '../../../src/interface.ts'
import type { KeyRange, StoreKeys } from '../../../src/storage/sealed/index.ts'

const COUNT = 200
const STEP = 512

function valueOf (n: number): Uint8Array {
  // some of them have records of their own
  return new Uint8Array(n % 50 === 0 ? MAX_INLINE_VALUE_BYTES + n : 500).fill(n)
}

function puts (from: number, to: number): StoreOp[] {
  return Array.from({ length: to - from }, (_, i) => ({ type: 'put', key: numbered(from + i), value: valueOf(from + i) }))
}

async function copyOf (records: Array<[Uint8Array, Uint8Array]>): Promise<Store> {
  const store = memoryStore()
  await store.batch(records.map(([key, value]) => ({ type: 'put', key, value })))

  return store
}

/** Some of each leaf, and all that have records of their own */
const READ = Array.from({ length: COUNT }, (_, n) => n).filter(n => n % 7 === 0 || n % 50 === 0)

const covers = (ranges: KeyRange[], key: Uint8Array): boolean => ranges.some(({ gte, lt }) => compareKeys(key, gte) >= 0 && (lt == null || compareKeys(key, lt) < 0))

/** How many of the values are there; anything but the right one, or an error that says that it is damaged, fails */
async function readAll (store: Store, keys: StoreKeys): Promise<number> {
  let met = 0
  const opened = await openSealedStore({ store, keys, onDamage: () => { met++ } }).catch((err: Error) => err.name)

  if (typeof opened === 'string') {
    expect(opened).to.equal('StoreDamagedError')
    expect(met).to.equal(1)

    return 0
  }

  let right = 0

  for (const n of READ) {
    const value = await opened.get(numbered(n)).catch((err: Error) => err.name)
    expect(value).to.be.deep.oneOf([valueOf(n), 'StoreDamagedError'])
    right += typeof value === 'string' ? 0 : 1
  }

  const ranged = await all(opened).catch((err: Error) => err.name)

  if (typeof ranged === 'string') {
    expect(ranged).to.equal('StoreDamagedError')
    expect(met).to.be.above(0)
  } else {
    expect(ranged.map(([key, value]) => `${toHex(key)}=${toHex(value)}`)).to.deep.equal(puts(0, COUNT).map(op => `${toHex(op.key)}=${toHex(op.type === 'put' ? op.value : op.key)}`))
  }

  return right
}

describe('damage to a sealed store', () => {
  let keys: StoreKeys
  let records: Array<[name: Uint8Array, value: Uint8Array]>

  before(async () => {
    keys = await makeKeys()
    const below = memoryStore()
    const store = await makeSealed(below, keys)

    for (let from = 0; from < COUNT; from += 20) {
      await store.batch(puts(from, from + 20))
    }

    await store.put(numbered(0), valueOf(0))
    await store.close()
    records = await all(below)
  })

  it('[ST62] a changed bit or a missing end anywhere is damage by name, never another value', async function () {
    this.timeout(120_000)

    for (const [name, value] of records) {
      for (let at = 0; at < value.length; at += STEP) {
        const store = await copyOf(records)
        const flipped = value.slice()
        flipped[at + (at / STEP + name[0]) % Math.min(STEP, value.length - at)] ^= 1 << name[1] % 8

        for (const damaged of [flipped, value.slice(0, at)]) {
          await store.put(name, damaged)
          expect(await readAll(store, keys)).to.be.below(READ.length)
        }
      }
    }
  })

  it('[ST62] so is a record that is gone, or has the place of another', async () => {
    for (const [i, [name]] of records.entries()) {
      const store = await copyOf(records)
      await store.delete(name)
      expect(await readAll(store, keys)).to.be.below(READ.length)
      await store.put(name, records[(i + 1) % records.length][1])
      expect(await readAll(store, keys)).to.be.below(READ.length)
    }
  })

  it('[ST69] finds whatever is intact after any one record is gone or damaged, and says what is not', async function () {
    this.timeout(60_000)

    for (const [i, [name, value]] of records.entries()) {
      const store = await copyOf(records)
      await (i % 2 === 0 ? store.delete(name) : store.put(name, value.slice(1)))
      const { lost, uncertain } = await salvageSealedStore({ store, keys })
      expect(lost.length + uncertain.length).to.be.above(0)

      await checkTree(store, keys)
      const opened = await openSealedStore({ store, keys })
      const found = new Set((await all(opened)).map(([key]) => toHex(key)))

      for (let n = 0; n < COUNT; n++) {
        expect(found.has(toHex(numbered(n))) || covers(lost, numbered(n)), `${n} is there, or said to be lost`).to.equal(true)
      }

      for (const [key, value] of await all(opened)) {
        expect(toHex(value), 'only the right values').to.equal(toHex(valueOf(key[2] * 256 + key[3])))
      }

      // one leaf has at most so many, and what one record holds is all that is gone
      expect(COUNT - found.size).to.be.at.most(MAX_NODE_BYTES / 500 * 2)

      await opened.batch(puts(0, COUNT))
      expect(await all(opened)).to.have.lengthOf(COUNT)
      expect(await salvageSealedStore({ store, keys })).to.deep.equal({ lost: [], uncertain: [] })
    }
  })

  it('[ST69] without the root and all branches, leaves are found and put in their order', async () => {
    const below = memoryStore()
    const store = await makeSealed(below, keys)

    for (let from = 0; from < 20_000; from += 500) {
      await store.batch(puts(from, from + 500).map(op => ({ ...op, value: op.key })))
    }

    await store.close()
    const count = (await all(await openSealedStore({ store: below, keys }))).length
    await below.delete(keys.root)
    const { lost, uncertain } = await salvageSealedStore({ store: below, keys })
    expect(lost).to.deep.equal([])
    expect(uncertain).to.have.lengthOf((await checkTree(below, keys)).leaves)

    // what was in the root alone is gone with it
    const found = await all(await openSealedStore({ store: below, keys }))
    expect(found.length).to.be.within(count - 800, count)
    found.forEach(([key, value]) => { expect(toHex(key)).to.equal(toHex(value)) })
  })

  it('[ST69] what was replaced does not come back where its place is known', async () => {
    const below = memoryStore()
    const store = await makeSealed(below, keys)
    await store.batch(puts(0, COUNT))
    const old = await all(below)
    await store.batch(puts(0, COUNT).map(op => ({ ...op, value: new Uint8Array(500).fill(1) })))
    await store.batch(puts(0, COUNT).map(op => ({ ...op, value: new Uint8Array(500).fill(2) })))
    await store.close()

    // a repaired disk may bring back what was deleted
    for (const [name, value] of old) {
      if (await below.get(name) == null) {
        await below.put(name, value)
      }
    }

    expect(await salvageSealedStore({ store: below, keys })).to.deep.equal({ lost: [], uncertain: [] })
    await below.delete(keys.root)
    const { uncertain, lost } = await salvageSealedStore({ store: below, keys })
    expect(uncertain).to.not.be.empty()

    const found = new Map((await all(await openSealedStore({ store: below, keys }))).map(([key, value]) => [toHex(key), value]))

    for (let n = 0; n < COUNT; n++) {
      const key = numbered(n)
      const value = found.get(toHex(key))
      expect(value?.[0] === 2 || (value == null ? covers(lost, key) : covers(uncertain, key)), `${n}`).to.equal(true)
    }
  })

  it('[ST69] leaves what another key sealed alone, and a store that is whole as it is', async () => {
    const store = await copyOf(records)
    const otherKeys = await makeKeys()
    const other = await makeSealed(store, otherKeys)
    await other.batch(puts(0, 100))
    const before = await all(store)
    expect(await salvageSealedStore({ store, keys })).to.deep.equal({ lost: [], uncertain: [] })
    expect(await all(store)).to.deep.equal(before)

    await store.delete(keys.root)
    await salvageSealedStore({ store, keys })
    expect(await all(await openSealedStore({ store, keys: otherKeys }))).to.have.lengthOf(100)
  })

  it('[ST63] the tree keeps its shape through growth, change and deletion', async function () {
    this.timeout(60_000)

    const below = memoryStore()
    const own = await makeKeys()
    const store = await makeSealed(below, own)
    const count = 10_000
    const order = Array.from({ length: count }, (_, n) => n * 7_919 % count)

    for (let from = 0; from < count; from += 1_000) {
      await store.batch(order.slice(from, from + 1_000).map(n => ({ type: 'put', key: numbered(n), value: new Uint8Array(n % 400).fill(n) })))
    }

    const full = await checkTree(below, own)
    expect(full.levels).to.be.at.least(3)
    expect(full.bytes / full.leaves).to.be.above(MAX_NODE_BYTES / 2)

    // all but every hundredth
    for (let from = 0; from < count; from += 500) {
      await store.batch(order.slice(from, from + 500).filter(n => n % 100 !== 0).map(n => ({ type: 'delete', key: numbered(n) })))
    }

    const thin = await checkTree(below, own)
    expect(thin.leaves).to.be.below(full.leaves / 10)
    expect((await all(store)).map(([key]) => toHex(key))).to.deep.equal(Array.from({ length: count / 100 }, (_, i) => toHex(numbered(i * 100))))

    await store.batch((await all(store)).map(([key]) => ({ type: 'delete', key })))
    await store.batch(order.slice(0, 1_000).map(n => ({ type: 'delete', key: numbered(n) })))
    expect(await checkTree(below, own)).to.deep.include({ levels: 1, leaves: 1, bytes: 0 })
  })

  it('[ST63] what is written in the order of the keys fills its leaves', async () => {
    const below = memoryStore()
    const own = await makeKeys()
    const store = await makeSealed(below, own)

    for (let from = 0; from < 5_000; from += 500) {
      await store.batch(puts(from, from + 500).map(op => ({ ...op, value: new Uint8Array(600) })))
    }

    const { bytes, leaves } = await checkTree(below, own)
    expect(bytes / leaves).to.be.above(0.85 * MAX_NODE_BYTES)
  })
})
