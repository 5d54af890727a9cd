import { expect } from 'aegir/chai'
import { fromHex, toHex } from '../../../src/ids.ts'
import { memoryDisk, memoryStore, migrate, moveRecords } from '../../../src/storage/index.ts'
import { SWEEP_BATCH_RECORDS } from '../../../src/storage/sealed/constants.ts'
import { openSealedStore } from '../../../src/storage/sealed/index.ts'
import { all, makeKeys, makeSealed, numbered } from './make-sealed.ts'
import { plainStore0 } from './plain-store-0.ts'
import type { Store, StoreOp } from '../../../src/interface.ts'

const inHex = async (store: Store): Promise<string[][]> => (await all(store)).map(([key, value]) => [toHex(key), toHex(value)])

/** A store whose writes fail once so many were done */
function failingAfter (store: Store, left: { writes: number }): Store {
  return {
    ...store,
    get: async key => store.get(key),
    getMany: async keys => store.getMany(keys),
    range: options => store.range(options),
    async batch (ops, options) {
      if (left.writes-- <= 0) {
        throw new Error('killed')
      }

      await store.batch(ops, options)
    }
  }
}

describe('moving a plain store into a sealed one', () => {
  it('[ST71] what a home node kept before is the same afterwards, and nothing of it is left there', async () => {
    const from = memoryStore()
    await from.batch(plainStore0.map(([key, value]): StoreOp => ({ type: 'put', key: fromHex(key), value: fromHex(value) })))
    const below = memoryStore()
    const to = await makeSealed(below, await makeKeys())

    expect(await moveRecords({ from, to })).to.equal(plainStore0.length)
    expect(await inHex(to)).to.deep.equal(plainStore0)
    expect(await inHex(from)).to.deep.equal([])
    expect(await moveRecords({ from, to })).to.equal(0)
  })

  it('[ST71] killed at any write, it goes on where it was, and loses nothing', async () => {
    const puts = Array.from({ length: 3 * SWEEP_BATCH_RECORDS + 10 }, (_, n): StoreOp => ({ type: 'put', key: numbered(n), value: numbered(n) }))
    let done = false

    for (let writes = 0; !done; writes++) {
      const [fromDisk, toDisk] = [memoryDisk(), memoryDisk()]
      const keys = await makeKeys()
      await fromDisk.open().batch(puts, { durability: 'strict' })
      await makeSealed(toDisk.open(), keys)

      const left = { writes }
      const killed = await moveRecords({
        from: failingAfter(fromDisk.open(), left),
        to: await openSealedStore({ store: failingAfter(toDisk.open(), left), keys })
      }).then(() => false, () => true)
      done = !killed
      fromDisk.powerCut()
      toDisk.powerCut()

      const to = await openSealedStore({ store: toDisk.open(), keys })
      await moveRecords({ from: fromDisk.open(), to })
      expect(await all(to)).to.have.lengthOf(puts.length)
      expect(await all(fromDisk.open())).to.deep.equal([])
    }
  })

  it('[ST71] moves the range that is asked for, says how far it is, and stops when its signal says so', async () => {
    const from = memoryStore()
    await from.batch(Array.from({ length: 1_000 }, (_, n): StoreOp => ({ type: 'put', key: numbered(n), value: numbered(n) })))
    const to = memoryStore()
    const progress: number[] = []
    await moveRecords({ from, to, range: { gte: numbered(100), lt: numbered(500) }, onProgress: records => progress.push(records) })

    expect(progress).to.deep.equal([256, 400])
    expect(await all(from)).to.have.lengthOf(600)
    await expect(moveRecords({ from, to }, { signal: AbortSignal.abort() })).to.eventually.be.rejected.with.property('name', 'AbortError')
    expect(await all(from)).to.have.lengthOf(600)
  })

  it('[ST52] a sealed store of a later version is not opened either', async () => {
    const store = await makeSealed(memoryStore(), await makeKeys())
    await migrate(store, [async () => [], async () => []])

    await expect(migrate(store, [async () => []])).to.eventually.be.rejectedWith(/update/).with.property('name', 'SchemaNewerError')
  })
})
