import { expect } from 'aegir/chai'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { deviceId, identityId, publicWall, toHex } from '../../src/ids.ts'
import { createDeliveries } from '../../src/peer/deliveries.ts'
import { memoryStore } from '../../src/storage/index.ts'
import type { Receipt } from '../../src/sync/index.ts'

const identity = identityId(new Uint8Array(32).fill(1))
const chain = { space: publicWall(identity), identity, device: deviceId(new Uint8Array(32).fill(2)) }
const by = new Uint8Array(32).fill(3)
const other = new Uint8Array(32).fill(4)
const file = (seed: number): CID => CID.createV1(0x55, create(0x12, new Uint8Array(32).fill(seed)))

function receipt (seq: number, changes: Partial<Receipt> = {}): Receipt {
  return { chain, seq, by, time: 1, head: 'head', ...changes } as Receipt
}

describe('peer: deliveries', () => {
  it('whoever signed for one entry holds it and all before it, and nobody else does', async () => {
    const deliveries = createDeliveries(memoryStore())

    await deliveries.take(receipt(3))
    expect([0, 3, 4].map(seq => deliveries.holds(toHex(by), chain, seq, []))).to.deep.equal([true, true, false])
    expect(deliveries.holds(toHex(other), chain, 0, [])).to.equal(false)
    expect(deliveries.holds(toHex(by), { ...chain, device: deviceId(other) }, 0, [])).to.equal(false)
  })

  it('a post with pictures is held once each of them is', async () => {
    const deliveries = createDeliveries(memoryStore())

    await deliveries.take(receipt(0))
    await deliveries.takePin(by, file(1))
    expect(deliveries.hasPin(toHex(by), file(1))).to.equal(true)
    expect(deliveries.holds(toHex(by), chain, 0, [file(1)])).to.equal(true)
    expect(deliveries.holds(toHex(by), chain, 0, [file(1), file(2)])).to.equal(false)
    await deliveries.takePin(other, file(2))
    expect(deliveries.holds(toHex(by), chain, 0, [file(1), file(2)])).to.equal(false)
    await deliveries.takePin(by, file(2))
    expect(deliveries.holds(toHex(by), chain, 0, [file(1), file(2)])).to.equal(true)
  })

  it('an older receipt takes nothing back, and only news is told', async () => {
    const deliveries = createDeliveries(memoryStore())
    let told = 0

    deliveries.addEventListener('delivery:changed', () => { told++ })
    await deliveries.take(receipt(5))
    await deliveries.take(receipt(5))
    await deliveries.take(receipt(2))
    await deliveries.takePin(by, file(1))
    await deliveries.takePin(by, file(1))
    expect(told).to.equal(2)
    expect(deliveries.holds(toHex(by), chain, 5, [])).to.equal(true)
  })

  it('is remembered', async () => {
    const store = memoryStore()
    const before = createDeliveries(store)

    await before.take(receipt(5))
    await before.takePin(by, file(1))

    const after = createDeliveries(store)

    expect(after.holds(toHex(by), chain, 5, [])).to.equal(false)
    await after.load()
    expect(after.holds(toHex(by), chain, 5, [file(1)])).to.equal(true)
    expect(after.holds(toHex(by), chain, 6, [])).to.equal(false)
  })
})
