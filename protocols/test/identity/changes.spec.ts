import { expect } from 'aegir/chai'
import { changeDevices, lostChanges } from '../../src/identity/index.ts'
import { deviceId, entryId, identityId } from '../../src/ids.ts'
import { MAX_CLOSED_DEVICES, MAX_DEVICES } from '../../src/limits.ts'
import { filled } from './identity-vectors.ts'
import type { ClosedDevice, DeviceEntry, IdentityRecord } from '../../src/identity/index.ts'

const entry = (n: number): DeviceEntry => ({ device: deviceId(filled(n)), x25519: filled(9), role: 'client', from: 0, proof: filled(1, 64) })
const closed = (n: number, cut: number | null = null): ClosedDevice => ({ device: deviceId(filled(n)), cut: cut == null ? null : entryId(filled(cut)) })
const entries = (count: number, first = 1): DeviceEntry[] => Array.from({ length: count }, (_, n) => entry(first + n))
const closings = (count: number, first = 100): ClosedDevice[] => Array.from({ length: count }, (_, n) => closed(first + n))

function record (devices: DeviceEntry[], closed: ClosedDevice[] = []): IdentityRecord {
  return { v: 1, identity: identityId(filled(1)), seq: 1, prev: filled(1), devices, closed, reading: filled(2), recovery: filled(3), publish: filled(4), time: 1 }
}

describe('changes of a record', () => {
  it('[ID36] adds, closes, and keeps what is closed closed', () => {
    const first = changeDevices(undefined, { devices: entries(3), closed: [] })
    const second = changeDevices(first, { devices: [entry(4)], closed: [closed(1, 7), closed(2)] })

    expect(second).to.deep.equal({ devices: [entry(3), entry(4)], closed: [closed(1, 7), closed(2)] })
    expect(changeDevices(second, { devices: [entry(1), entry(3)], closed: [] })).to.deep.equal(second)
  })

  it('[ID36] has room for the most devices, open and closed, and no more', () => {
    const full = { devices: entries(MAX_DEVICES), closed: closings(MAX_CLOSED_DEVICES) }

    expect(changeDevices(full, { devices: [], closed: [] })).to.deep.equal(full)
    expect(() => changeDevices(full, { devices: [entry(99)], closed: [] })).to.throw().with.property('name', 'TooManyDevicesError')
    expect(() => changeDevices(full, { devices: [], closed: [closed(1)] })).to.throw().with.property('name', 'TooManyDevicesError')
  })

  it('[ID38] finds what a competing record leaves out', () => {
    const before = record([entry(1), entry(2)], [closed(3, 7), closed(4, 8), closed(5)])
    const now = record([entry(1), entry(3)], [closed(4, 9), closed(5, 6)])

    expect(lostChanges(before, now)).to.deep.equal({ devices: [entry(2)], closed: [closed(3, 7), closed(4, 8)] })
    expect(lostChanges(now, before)).to.deep.equal({ devices: [], closed: [closed(4, 9), closed(5, 6)] })
    expect(lostChanges(before, before)).to.deep.equal({ devices: [], closed: [] })
  })

  it('[ID38] does not ask for what has no room', () => {
    const lost = lostChanges(record([entry(50), entry(51)], [closed(60), closed(61)]), record(entries(MAX_DEVICES - 1), closings(MAX_CLOSED_DEVICES - 1)))

    expect(lost).to.deep.equal({ devices: [entry(50)], closed: [closed(60)] })
  })
})
