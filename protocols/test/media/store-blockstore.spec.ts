import { expect } from 'aegir/chai'
import { Key } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import { WRITE_BATCH_BYTES } from '../../src/media/constants.ts'
import { storeBlockstore, storeDatastore } from '../../src/media/index.ts'
import { memoryDisk, memoryStore } from '../../src/storage/index.ts'
import { rawBlock } from './support/blocks.ts'
import { all } from './support/iterables.ts'
import type { Pair } from 'interface-datastore'

const one = rawBlock(Uint8Array.of(1, 2, 3))
const two = rawBlock(new Uint8Array())
const three = rawBlock(new Uint8Array(WRITE_BATCH_BYTES))

describe('media: blocks in a Store', () => {
  it('[ME9] gives back what was put, whatever the codec in the CID', async () => {
    const blocks = storeBlockstore(memoryStore())

    expect(await blocks.has(one.cid)).to.be.false()
    expect(await blocks.put(one.cid, one.bytes)).to.equal(one.cid)
    expect(await blocks.has(one.cid)).to.be.true()
    expect(await all(blocks.get(CID.createV1(0x70, one.cid.multihash)))).to.deep.equal([one.bytes])
  })

  it('[ME9] an empty block is a block', async () => {
    const blocks = storeBlockstore(memoryStore())
    await blocks.put(two.cid, two.bytes)

    expect(await blocks.has(two.cid)).to.be.true()
    expect(await all(blocks.get(two.cid))).to.deep.equal([two.bytes])
  })

  it('[ME9] what is not there is a NotFoundError, and deleting it is none', async () => {
    const blocks = storeBlockstore(memoryStore())

    await expect(all(blocks.get(one.cid))).to.eventually.be.rejected.with.property('name', 'NotFoundError')
    await blocks.delete(one.cid)
  })

  it('[ME9] puts, gets, deletes and lists many', async () => {
    const blocks = storeBlockstore(memoryStore())

    expect(await all(blocks.putMany([one, three, two]))).to.deep.equal([one.cid, three.cid, two.cid])
    expect(await all(blocks.sizes())).to.deep.include.members([{ cid: one.cid, size: 3 }, { cid: two.cid, size: 0 }, { cid: three.cid, size: WRITE_BATCH_BYTES }])

    const pairs = await all(blocks.getMany([two.cid, one.cid]))
    expect(pairs.map(({ cid }) => cid)).to.deep.equal([two.cid, one.cid])
    expect(await all(pairs[1].bytes)).to.deep.equal([one.bytes])

    expect(await all(blocks.deleteMany([one.cid, three.cid]))).to.deep.equal([one.cid, three.cid])
    expect((await all(blocks.getAll())).map(({ cid }) => cid)).to.deep.equal([two.cid])
  })

  it('[ME9] takes a block in parts', async () => {
    const blocks = storeBlockstore(memoryStore())
    await blocks.put(one.cid, [Uint8Array.of(1), Uint8Array.of(2, 3)])

    expect(await all(blocks.get(one.cid))).to.deep.equal([one.bytes])
  })

  it('[ME9] a strict write outlives a power cut', async () => {
    const disk = memoryDisk()
    const blocks = storeBlockstore(disk.open())
    await blocks.put(one.cid, one.bytes, { durability: 'strict' })
    await blocks.put(two.cid, two.bytes)
    disk.powerCut()
    const again = storeBlockstore(disk.open())

    expect(await again.has(one.cid)).to.be.true()
    expect(await again.has(two.cid)).to.be.false()
  })
})

describe('media: records in a Store', () => {
  const pairs: Pair[] = ['/a/1', '/a/2', '/b/1'].map((name, i) => ({ key: new Key(name), value: Uint8Array.of(i) }))

  it('[ME9] gives back what was put', async () => {
    const records = storeDatastore(memoryStore())
    await records.put(pairs[0].key, pairs[0].value)

    expect(await records.get(pairs[0].key)).to.deep.equal(pairs[0].value)
    expect(await records.has(pairs[0].key)).to.be.true()
    await records.delete(pairs[0].key)
    expect(await records.has(pairs[0].key)).to.be.false()
    await expect(Promise.resolve(records.get(pairs[0].key))).to.eventually.be.rejected.with.property('name', 'NotFoundError')
  })

  it('[ME9] a batch is written when it is committed', async () => {
    const records = storeDatastore(memoryStore())
    const batch = records.batch()
    pairs.forEach(({ key, value }) => { batch.put(key, value) })
    batch.delete(pairs[1].key)

    expect(await records.has(pairs[0].key)).to.be.false()
    await batch.commit()
    expect(await all(records.queryKeys({}))).to.deep.equal([pairs[0].key, pairs[2].key])
  })

  it('[ME9] answers queries by prefix, filter, order, limit and offset', async () => {
    const records = storeDatastore(memoryStore())
    await all(records.putMany(pairs))

    expect(await all(records.query({ prefix: '/a' }))).to.deep.equal(pairs.slice(0, 2))
    expect(await all(records.query({ filters: [({ value }) => value[0] > 1] }))).to.deep.equal(pairs.slice(2))
    expect(await all(records.query({ orders: [(a, b) => a.value[0] < b.value[0] ? 1 : -1], limit: 1 }))).to.deep.equal(pairs.slice(2))
    expect(await all(records.queryKeys({ offset: 1, limit: 1 }))).to.deep.equal([pairs[1].key])
  })

  it('[ME9] records and blocks live in one store without meeting', async () => {
    const store = memoryStore()
    const blocks = storeBlockstore(store)
    await blocks.put(one.cid, one.bytes)
    await storeDatastore(store).put(pairs[0].key, pairs[0].value)

    expect(await all(blocks.sizes())).to.have.lengthOf(1)
    expect(await all(storeDatastore(store).query({}))).to.deep.equal([pairs[0]])
  })
})
