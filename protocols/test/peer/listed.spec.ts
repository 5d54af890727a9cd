import { expect } from 'aegir/chai'
import { createEntropy, proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../../src/identity/index.ts'
import { deviceId } from '../../src/ids.ts'
import { systemClock, systemRandom } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { isListed } from '../../src/peer/listed.ts'
import { memoryStore } from '../../src/storage/index.ts'
import type { SignedRecord } from '../../src/identity/index.ts'
import type { DeviceId } from '../../src/ids.ts'

interface Lost {
  device: DeviceId
  /** Lists the device */
  before: SignedRecord
  /** Closes it */
  after: SignedRecord
}

async function lostDevice (): Promise<Lost> {
  const root = await rootFromEntropy(createEntropy(systemRandom))
  const signer = await signerFromSeed(systemRandom.bytes(32))
  const device = deviceId(signer.publicKey)
  const entry = await proveDevice(signer, { identity: root.identity, x25519: systemRandom.bytes(32), role: 'client', from: 0 })
  const content = { reading: systemRandom.bytes(32), publish: systemRandom.bytes(32), time: 1 }
  const before = await signRecord(root, { ...content, devices: [entry], closed: [] })

  return { device, before, after: await signRecord(root, { ...content, devices: [], closed: [{ device, cut: null }] }, before) }
}

describe('peer: who may still speak for an identity', () => {
  it('[HE23] a device that was closed is not believed when it shows an older record', async () => {
    const { device, before, after } = await lostDevice()
    const log = createLog({ store: memoryStore(), clock: systemClock })

    expect(await isListed(log, device, before)).to.equal(true)
    expect(await log.putRecord(after)).to.equal(true)
    expect(await isListed(log, device, before)).to.equal(false)
  })

  it('[HE23] a newer record that is shown is kept', async () => {
    const { device, before, after } = await lostDevice()
    const log = createLog({ store: memoryStore(), clock: systemClock })

    await isListed(log, device, before)
    expect(await isListed(log, device, after)).to.equal(false)
    expect((await log.record(after.record.identity))?.record.seq).to.equal(1)
  })
})
