import { expect } from 'aegir/chai'
import { LimitExceededError, NotStartedError } from '../errors.ts'
import { toHex } from '../ids.ts'
import { MAX_STORE_KEY_BYTES } from '../storage/constants.ts'
import type { RangeOptions, Store, StoreOp } from '../interface.ts'

/** An empty store each time it is called */
export type OpenStore = () => Promise<Store>

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** Big-endian, so that keys are in the order of their numbers */
function numbered (n: number): Uint8Array {
  const key = new Uint8Array(4)
  new DataView(key.buffer).setUint32(0, n)

  return key
}

function puts (count: number): StoreOp[] {
  return Array.from({ length: count }, (_, n) => ({ type: 'put', key: numbered(n), value: bytes(n & 0xff) }))
}

async function keysOf (store: Store, options?: RangeOptions): Promise<string[]> {
  const keys: string[] = []

  for await (const [key] of store.range(options)) {
    keys.push(toHex(key))
  }

  return keys
}

export interface StoreSuiteOptions {
  /**
   * Longest key it takes; shorter where a part of it is spoken for
   *
   * @default 512
   */
  maxKeyBytes?: number
}

/** What every implementation of `Store` must do. Rules: specs/storage.md [ST1] to [ST9]. */
export function storeSuite (name: string, open: OpenStore, { maxKeyBytes = MAX_STORE_KEY_BYTES }: StoreSuiteOptions = {}): void {
  describe(`Store: ${name}`, () => {
    let store: Store

    beforeEach(async () => {
      store = await open()
    })

    afterEach(async () => {
      await store.close()
    })

    it('[ST1] gives back what was put, and undefined for what was not', async () => {
      await store.put(bytes(1, 2), bytes(3, 4, 5))

      expect(await store.get(bytes(1, 2))).to.deep.equal(bytes(3, 4, 5))
      expect(await store.get(bytes(1))).to.equal(undefined)
      expect(await store.get(bytes(1, 2, 0))).to.equal(undefined)
    })

    it('[ST1] replaces, deletes, and deletes what is not there', async () => {
      await store.put(bytes(1), bytes(1))
      await store.put(bytes(1), bytes(2))
      expect(await store.get(bytes(1))).to.deep.equal(bytes(2))

      await store.delete(bytes(1))
      await store.delete(bytes(1))
      expect(await store.get(bytes(1))).to.equal(undefined)
    })

    it('[ST1] keeps empty values and large ones', async () => {
      const large = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7 & 0xff)
      await store.put(bytes(1), bytes())
      await store.put(bytes(2), large)

      expect(await store.get(bytes(1))).to.deep.equal(bytes())
      expect(await store.get(bytes(2))).to.deep.equal(large)
    })

    it('[ST1] gets many in the order asked for', async () => {
      await store.batch(puts(10))

      expect(await store.getMany([numbered(7), numbered(99), numbered(0), numbered(7)])).to.deep.equal([bytes(7), undefined, bytes(0), bytes(7)])
      expect(await store.getMany([])).to.deep.equal([])
    })

    it('[ST2] takes keys of 1 and of the most bytes, and refuses those one past', async () => {
      const longest = new Uint8Array(maxKeyBytes).fill(0xff)
      await store.put(bytes(0), bytes(1))
      await store.put(longest, bytes(2))
      expect(await store.get(longest)).to.deep.equal(bytes(2))

      for (const key of [bytes(), new Uint8Array(maxKeyBytes + 1)]) {
        await expect(store.put(key, bytes(1))).to.eventually.be.rejected.with.property('name', LimitExceededError.name)
        await expect(store.get(key)).to.eventually.be.rejected.with.property('name', LimitExceededError.name)
        await expect(store.getMany([bytes(0), key])).to.eventually.be.rejected.with.property('name', LimitExceededError.name)
        await expect(store.delete(key)).to.eventually.be.rejected.with.property('name', LimitExceededError.name)
      }
    })

    it('[ST2] refuses all of a batch with one bad key', async () => {
      await expect(store.batch([{ type: 'put', key: bytes(5), value: bytes(5) }, { type: 'delete', key: bytes() }]))
        .to.eventually.be.rejected.with.property('name', LimitExceededError.name)

      expect(await store.get(bytes(5))).to.equal(undefined)
    })

    it('[ST3] neither keeps nor changes nor shares the arrays it is given or gives', async () => {
      const backing = bytes(9, 1, 2, 3, 9)
      const key = backing.subarray(1, 3)
      const value = backing.subarray(3, 4)
      const put = store.put(key, value)
      backing.fill(7)
      await put

      const asked = bytes(1, 2)
      const get = store.get(asked)
      const getMany = store.getMany([asked])
      asked.fill(7)

      expect(await get).to.deep.equal(bytes(3))
      expect(await getMany).to.deep.equal([bytes(3)])

      const given = await store.get(bytes(1, 2))
      given?.fill(8)

      for await (const [rangeKey, rangeValue] of store.range()) {
        rangeKey.fill(8)
        rangeValue.fill(8)
      }

      expect(await store.get(bytes(1, 2))).to.deep.equal(bytes(3))
      expect(await keysOf(store)).to.deep.equal(['0102'])
    })

    it('[ST3] gives plain byte arrays', async () => {
      await store.put(bytes(1), bytes(2))

      expect(Object.getPrototypeOf(await store.get(bytes(1)))).to.equal(Uint8Array.prototype)

      for await (const [key, value] of store.range()) {
        expect(Object.getPrototypeOf(key)).to.equal(Uint8Array.prototype)
        expect(Object.getPrototypeOf(value)).to.equal(Uint8Array.prototype)
      }
    })

    it('[ST4] does a batch in its order, whatever the durability', async () => {
      for (const durability of ['strict', 'relaxed'] as const) {
        await store.batch([
          { type: 'put', key: bytes(1), value: bytes(1) },
          { type: 'put', key: bytes(2), value: bytes(1) },
          { type: 'delete', key: bytes(1) },
          { type: 'put', key: bytes(2), value: bytes(2) }
        ], { durability })
        await store.batch([], { durability })
        await store.put(bytes(3), bytes(3), { durability })
        await store.delete(bytes(3), { durability })

        expect(await store.getMany([bytes(1), bytes(2), bytes(3)])).to.deep.equal([undefined, bytes(2), undefined])
      }
    })

    it('[ST4] shows writes in the order of the calls', async () => {
      await Promise.all(Array.from({ length: 50 }, async (_, n) => store.put(bytes(1), bytes(n))))

      expect(await store.get(bytes(1))).to.deep.equal(bytes(49))
    })

    it('[ST5] ranges over keys byte by byte', async () => {
      const keys = ['00', '0000', '01', '7f', '7fff', '80', 'ff', 'ff00', 'ffff']

      for (const key of [...keys].reverse()) {
        await store.put(Uint8Array.from(key.match(/../g) ?? [], byte => parseInt(byte, 16)), bytes())
      }

      expect(await keysOf(store)).to.deep.equal(keys)
      expect(await keysOf(store, { reverse: true })).to.deep.equal([...keys].reverse())
      expect(await keysOf(store, { gte: bytes(0x01), lt: bytes(0x80) })).to.deep.equal(['01', '7f', '7fff'])
      expect(await keysOf(store, { gte: bytes(0x01), lt: bytes(0x80), reverse: true })).to.deep.equal(['7fff', '7f', '01'])
      expect(await keysOf(store, { gte: bytes(0x80) })).to.deep.equal(['80', 'ff', 'ff00', 'ffff'])
      expect(await keysOf(store, { lt: bytes(0x00, 0x00) })).to.deep.equal(['00'])
      expect(await keysOf(store, { gte: bytes(), limit: 1 })).to.deep.equal(['00'])
    })

    it('[ST5] gives nothing for bounds that leave nothing', async () => {
      await store.batch(puts(5))

      expect(await keysOf(store, { gte: numbered(3), lt: numbered(3) })).to.deep.equal([])
      expect(await keysOf(store, { gte: numbered(4), lt: numbered(1) })).to.deep.equal([])
      expect(await keysOf(store, { lt: bytes() })).to.deep.equal([])
      expect(await keysOf(store, { limit: 0 })).to.deep.equal([])
      expect(await keysOf(store, { gte: numbered(5) })).to.deep.equal([])
    })

    it('[ST5] stops at the limit, from either end, also over many pages', async () => {
      await store.batch(puts(1_000))

      expect(await keysOf(store, { limit: 2 })).to.deep.equal([numbered(0), numbered(1)].map(toHex))
      expect(await keysOf(store, { limit: 2, reverse: true })).to.deep.equal([numbered(999), numbered(998)].map(toHex))
      expect(await keysOf(store, { limit: 700 })).to.have.lengthOf(700)
      expect(await keysOf(store, { limit: 700, reverse: true })).to.have.lengthOf(700)
      expect(await keysOf(store, { limit: 5_000 })).to.deep.equal(puts(1_000).map(({ key }) => toHex(key)))
    })

    it('[ST6] ranges over a snapshot', async () => {
      await store.batch(puts(1_000))

      for (const reverse of [false, true]) {
        const seen: string[] = []
        let first = true

        for await (const [key, value] of store.range({ reverse })) {
          if (first) {
            first = false
            await store.batch([
              { type: 'delete', key: numbered(500) },
              { type: 'put', key: numbered(501), value: bytes(0xee) },
              { type: 'put', key: concatZero(numbered(502)), value: bytes(0xee) },
              { type: 'put', key: numbered(2_000), value: bytes(0xee) },
              { type: 'delete', key: numbered(0) },
              { type: 'delete', key: numbered(999) }
            ])
            await store.put(numbered(501), bytes(0xdd))
          }

          seen.push(`${toHex(key)}=${toHex(value)}`)
        }

        const expected = puts(1_000).map(op => `${toHex(op.key)}=${toHex(op.type === 'put' ? op.value : bytes())}`)

        expect(seen).to.deep.equal(reverse ? expected.reverse() : expected)

        await store.batch([...puts(1_000), { type: 'delete', key: concatZero(numbered(502)) }, { type: 'delete', key: numbered(2_000) }])
      }
    })

    it('[ST6] sees the writes that were asked for before its first step', async () => {
      const put = store.put(bytes(1), bytes(1))
      await put
      const range = store.range()
      await store.put(bytes(2), bytes(2))

      const keys: string[] = []

      for await (const [key] of range) {
        keys.push(toHex(key))
      }

      expect(keys).to.deep.equal(['01', '02'])
    })

    it('[ST7] lets go of a range that is left early', async () => {
      await store.batch(puts(1_000))

      for (let i = 0; i < 20; i++) {
        const iterator = store.range({ reverse: i % 2 === 0 })[Symbol.asyncIterator]()

        expect((await iterator.next()).done).to.equal(false)
        await iterator.return?.()
      }
    })

    it('[ST7] stops a range when its signal says so', async () => {
      await store.batch(puts(1_000))

      const controller = new AbortController()
      let seen = 0

      await expect((async () => {
        for await (const [key] of store.range({ signal: controller.signal })) {
          expect(key).to.have.lengthOf(4)

          if (++seen === 3) {
            controller.abort()
          }
        }
      })()).to.eventually.be.rejected.with.property('name', 'AbortError')

      expect(seen).to.equal(3)
      await expect(keysOf(store, { signal: AbortSignal.abort() })).to.eventually.be.rejected.with.property('name', 'AbortError')
    })

    it('[ST8] rejects everything once it is closed, and closes twice', async () => {
      await store.put(bytes(1), bytes(1))

      const range = store.range()
      const iterator = range[Symbol.asyncIterator]()
      await iterator.next()
      await store.close()
      await store.close()

      for (const call of [
        async () => store.get(bytes(1)),
        async () => store.getMany([bytes(1)]),
        async () => store.getMany([]),
        async () => store.put(bytes(1), bytes(1)),
        async () => store.delete(bytes(1)),
        async () => store.batch([]),
        async () => keysOf(store),
        async () => keysOf(store, { limit: 0 })
      ]) {
        await expect(call()).to.eventually.be.rejected.with.property('name', NotStartedError.name)
      }

      // the range had one record only: it may know that it is at its end
      const rest = await iterator.next().then(({ done }) => done === true ? 'end' : 'record', (err: Error) => err.name)

      expect(rest).to.be.oneOf(['end', NotStartedError.name])
    })

    it('[ST8] finishes the writes that were asked for before it was closed', async () => {
      const writes = Array.from({ length: 20 }, async (_, n) => store.put(numbered(n), bytes(n)))
      await store.close()
      await Promise.all(writes)
    })

    it('[ST9] keeps 50,000 records and ranges over them', async function () {
      this.timeout(60_000)

      const count = 50_000
      // a fixed walk over all numbers, so that keys do not come in their order
      const order = Array.from({ length: count }, (_, n) => n * 7_919 % count)

      for (let from = 0; from < count; from += 1_000) {
        await store.batch(order.slice(from, from + 1_000).map(n => ({ type: 'put', key: numbered(n), value: numbered(n) })))
      }

      let next = 0

      for await (const [key, value] of store.range()) {
        if (toHex(key) !== toHex(numbered(next)) || toHex(value) !== toHex(key)) {
          expect.fail(`${toHex(key)} came where ${toHex(numbered(next))} should`)
        }

        next++
      }

      expect(next).to.equal(count)
      expect(await keysOf(store, { gte: numbered(49_990), reverse: true, limit: 3 })).to.deep.equal([49_999, 49_998, 49_997].map(n => toHex(numbered(n))))
    })
  })
}

function concatZero (key: Uint8Array): Uint8Array {
  return Uint8Array.of(...key, 0)
}
