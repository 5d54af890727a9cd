import { expect } from 'aegir/chai'
import { compareRecords, decodeRecord, deviceStatus, proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../../src/identity/index.ts'
import { deviceId, entryId, fromHex, toHex } from '../../src/ids.ts'
import { MAX_CLOSED_DEVICES, MAX_DEVICES, MAX_RECORD_BYTES } from '../../src/limits.ts'
import { readVectors } from '../vectors.ts'
import { closedFields, devicesFields, filled, recordFields, signFields, testRoot } from './identity-vectors.ts'
import type { IdentityVectors } from './identity-vectors.ts'
import type { DeviceEntry, IdentityRecord, Root } from '../../src/identity/index.ts'

describe('identity record', () => {
  let root: Root
  let phone: DeviceEntry

  before(async () => {
    root = await testRoot()
    phone = await proveDevice(await signerFromSeed(filled(2)), { identity: root.identity, x25519: filled(9), role: 'client', from: 0 })
  })

  function content (change: Partial<IdentityRecord> = {}): IdentityRecord {
    return { devices: [phone], closed: [], reading: filled(3), publish: filled(4), time: 5, ...change } as IdentityRecord
  }

  it('[ID20] to [ID35] gives the verdicts of the vectors', async () => {
    const { records } = await readVectors<IdentityVectors>('identity')

    for (const { rule, title, bytes, verdict, hash, ipns } of records) {
      const answer = await decodeRecord(fromHex(bytes)).then(
        record => ({ verdict: 'accept', hash: toHex(record.hash), ipns: toHex(record.ipns) }),
        (err: Error) => ({ verdict: err.name, hash: undefined, ipns: undefined })
      )

      expect(answer, `${rule}: ${title}`).to.deep.equal({ verdict, hash, ipns })
    }
  })

  it('[ID20] fits with the most devices, open and closed', async () => {
    const devices = await devicesFields(root, MAX_DEVICES, 2 ** 40)
    const bytes = await signFields(root, await recordFields(root, { seq: 2 ** 40, prev: filled(1), devices, closed: closedFields(MAX_CLOSED_DEVICES) }))

    expect(bytes.length).to.be.at.most(MAX_RECORD_BYTES)
    expect((await decodeRecord(bytes)).record.devices).to.have.lengthOf(MAX_DEVICES)
  })

  it('[ID21] is signed and read back', async () => {
    const signed = await signRecord(root, content())
    const again = await decodeRecord(signed.bytes)

    expect(again).to.deep.equal(signed)
    expect(again.record).to.deep.equal(content({ v: 1, identity: root.identity, seq: 0, prev: null, recovery: root.recovery.publicKey }))
  })

  it('[ID23] names the hash of the one before', async () => {
    const first = await signRecord(root, content())
    const second = await signRecord(root, content({ time: 6 }), first)

    expect(second.record.seq).to.equal(1)
    expect(second.record.prev).to.deep.equal(first.hash)
  })

  it('[ID26] is not made with a device that did not agree', async () => {
    const stranger = await rootFromEntropy(filled(8, 16))

    await expect(signRecord(stranger, content())).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
  })

  it('[ID30] stands by the higher seq, then by the lower hash, whoever compares', async () => {
    const first = await signRecord(root, content())
    const second = await signRecord(root, content({ time: 6 }), first)
    const twins = await Promise.all([7, 8].map(async time => signRecord(root, content({ time }), first)))
    const [low, high] = twins.sort((a, b) => toHex(a.hash) < toHex(b.hash) ? -1 : 1)

    expect(compareRecords(second, first)).to.be.above(0)
    expect(compareRecords(first, second)).to.be.below(0)
    expect(compareRecords(low, high)).to.be.above(0)
    expect(compareRecords(high, low)).to.be.below(0)
    expect(compareRecords(low, await decodeRecord(low.bytes))).to.equal(0)
  })

  it('[ID31] says of a device whether it is open, closed with a cut, or unknown', async () => {
    const cut = entryId(filled(6))
    const { record } = await signRecord(root, content({
      closed: [{ device: deviceId(filled(7)), cut }, { device: deviceId(filled(8)), cut: null }]
    }))

    expect(deviceStatus(record, phone.device)).to.deep.equal({ status: 'open', entry: phone })
    expect(deviceStatus(record, deviceId(filled(7)))).to.deep.equal({ status: 'closed', cut })
    expect(deviceStatus(record, deviceId(filled(8)))).to.deep.equal({ status: 'closed', cut: null })
    expect(deviceStatus(record, deviceId(filled(9)))).to.deep.equal({ status: 'unknown' })
  })
})
