import { expect } from 'aegir/chai'
import { MAX_STORE_KEY_BYTES, memoryDisk, memoryStore, prefixEnd, prefixStore } from '../../src/storage/index.ts'
import { storeSuite } from '../../src/testing/store-suite.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

storeSuite('memory', async () => memoryStore())

describe('memory disk', () => {
  storeSuite('memory disk', async () => memoryDisk().open())

  it('[ST11] keeps what was written when it is closed and opened again', async () => {
    const disk = memoryDisk()
    const store = disk.open()
    await store.put(bytes(1), bytes(1))
    await store.close()

    expect(await disk.open().get(bytes(1))).to.deep.equal(bytes(1))
  })

  it('[ST11] forgets at a power cut exactly what came after the last strict write', async () => {
    const disk = memoryDisk()
    const store = disk.open()
    await store.put(bytes(1), bytes(1))
    await store.put(bytes(2), bytes(1), { durability: 'strict' })
    await store.put(bytes(2), bytes(2))
    await store.delete(bytes(1))
    await store.put(bytes(3), bytes(3))
    disk.powerCut()

    await expect(store.get(bytes(1))).to.eventually.be.rejected.with.property('name', 'NotStartedError')

    const again = disk.open()

    expect(await again.getMany([bytes(1), bytes(2), bytes(3)])).to.deep.equal([bytes(1), bytes(1), undefined])
  })
})

describe('prefix store', () => {
  storeSuite('prefix', async () => {
    const whole = memoryStore()
    await whole.batch([
      { type: 'put', key: bytes(0x0e, 0xff), value: bytes(9) },
      { type: 'put', key: bytes(0x10), value: bytes(9) }
    ])

    return prefixStore(whole, bytes(0x0f))
  }, { maxKeyBytes: MAX_STORE_KEY_BYTES - 1 })

  it('[ST10] keeps sub-spaces apart and leaves the whole open', async () => {
    const whole = memoryStore()
    const a = prefixStore(whole, bytes(0x61, 0xff))
    const b = prefixStore(whole, bytes(0x62))
    await a.put(bytes(0xff), bytes(1))
    await b.put(bytes(0), bytes(2))

    const keys: Uint8Array[] = []

    for await (const [key] of a.range()) {
      keys.push(key)
    }

    expect(keys).to.deep.equal([bytes(0xff)])
    expect(await whole.get(bytes(0x61, 0xff, 0xff))).to.deep.equal(bytes(1))

    await a.close()
    expect(await b.get(bytes(0))).to.deep.equal(bytes(2))
    expect(await whole.get(bytes(0x62, 0))).to.deep.equal(bytes(2))
  })

  it('[ST10] knows where a prefix ends', () => {
    expect(prefixEnd(bytes(1, 2))).to.deep.equal(bytes(1, 3))
    expect(prefixEnd(bytes(1, 0xff))).to.deep.equal(bytes(2))
    expect(prefixEnd(bytes(0xff, 0xff))).to.equal(undefined)
    expect(prefixEnd(bytes())).to.equal(undefined)
  })
})
