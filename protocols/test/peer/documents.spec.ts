import { expect } from 'aegir/chai'
import { readArray, readUint } from '../../src/codec/index.ts'
import { createDocument } from '../../src/peer/documents.ts'
import { memoryDisk, memoryStore } from '../../src/storage/index.ts'
import type { Store } from '../../src/interface.ts'
import type { Document } from '../../src/peer/documents.ts'

const count = (store: Store, name = 'count'): Document<number> => createDocument({ store, name, initial: 0, read: value => readUint(value, 'count'), write: value => value })

describe('peer: documents', () => {
  it('is what it is at first, and what was written last', async () => {
    const store = memoryStore()
    const document = count(store)

    expect(await document.get()).to.equal(0)
    expect(await document.update(value => value + 5)).to.equal(5)
    expect(await document.get()).to.equal(5)
    expect(await count(store).get()).to.equal(5)
    expect(await count(store, 'other').get()).to.equal(0)
  })

  it('does changes one after the other', async () => {
    const store = memoryStore()
    const document = count(store)

    await Promise.all(Array.from({ length: 50 }, async () => document.update(value => value + 1)))
    expect(await count(store).get()).to.equal(50)
  })

  it('a change that fails changes nothing, and the next is done', async () => {
    const document = count(memoryStore())

    await document.update(() => 1)
    await expect(document.update(() => { throw new RangeError('no') })).to.eventually.be.rejected.with.property('name', 'RangeError')
    expect(await document.update(value => value + 1)).to.equal(2)
  })

  it('[E5] a value that could not be read again is not written', async () => {
    const store = memoryStore()
    const list = createDocument<string[]>({ store, name: 'list', initial: [], read: value => readArray(value, 'list', 2).map(String), write: value => value })

    await list.update(() => ['one', 'two'])
    await expect(list.update(all => [...all, 'three'])).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    expect(await list.get()).to.deep.equal(['one', 'two'])
    expect(await list.update(([one]) => [one])).to.deep.equal(['one'])
  })

  it('is durable once a change has resolved', async () => {
    const disk = memoryDisk()

    await count(disk.open()).update(() => 7)
    disk.powerCut()
    expect(await count(disk.open()).get()).to.equal(7)
  })

  it('says what is wrong with bytes that it did not write', async () => {
    const store = memoryStore()

    await createDocument<string>({ store, name: 'count', initial: '', read: String, write: value => value }).update(() => 'many')
    await expect(count(store).get()).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })
})
