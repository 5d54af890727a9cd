import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { signerFromSeed } from '../../src/identity/index.ts'
import { deviceId, entryId, identityId, spaceId } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/limits.ts'
import { decodeEntry, encodeEntry, signEntry } from '../../src/log/entry.ts'
import { createEpochKey, epochId, openEpoch, openPayload, SEAL_BYTES, sealPayload } from '../../src/space/index.ts'
import { HEADER, KEY } from './sealed-header.ts'
import type { SealedHeader } from '../../src/space/index.ts'

const key = KEY
const header = HEADER
const payload = new TextEncoder().encode('canary')

describe('sealed payloads', () => {
  it('[SP1] epoch keys are 32 random bytes, and their ids differ and say nothing', () => {
    const [a, b] = [createEpochKey(systemRandom), createEpochKey(systemRandom)]

    expect(a).to.have.length(32)
    expect(epochId(a)).to.have.length(16)
    expect(epochId(a)).to.not.deep.equal(epochId(b))
  })

  it('[SP2] an epoch key of another length is refused', async () => {
    for (const length of [0, 31, 33]) {
      await expect(openEpoch(new Uint8Array(length))).to.eventually.be.rejected.with.property('name', 'MalformedError')
    }
  })

  it('[SP5] what was sealed opens again, and differs each time', async () => {
    const epoch = await openEpoch(key)
    const [first, second] = [await sealPayload(epoch, header, payload, systemRandom), await sealPayload(epoch, header, payload, systemRandom)]

    expect(first).to.have.length(payload.length + SEAL_BYTES)
    expect(first).to.not.deep.equal(second)
    expect(await openPayload(epoch, header, first)).to.deep.equal(payload)
    expect(await openPayload(await openEpoch(key), header, second)).to.deep.equal(payload)
  })

  it('[SP6] opens in its own place only: every field of the header counts', async () => {
    const epoch = await openEpoch(key)
    const sealed = await sealPayload(epoch, header, payload, systemRandom)
    const { prev, ...rest } = header
    const elsewhere: SealedHeader[] = [
      { ...header, space: spaceId(new Uint8Array(32)) }, { ...header, identity: identityId(new Uint8Array(32)) }, { ...header, rec: 5 },
      { ...header, device: deviceId(new Uint8Array(32)) }, { ...header, seq: 7 }, { ...header, prev: entryId(new Uint8Array(32)) },
      { ...rest, seq: 0, prev: null }, { ...header, time: 9 }
    ]

    for (const other of elsewhere) {
      await expect(openPayload(epoch, other, sealed)).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
    }
  })

  it('[SP7] under another epoch it is neither sealed nor opened', async () => {
    const epoch = await openEpoch(key)
    const other = await openEpoch(new Uint8Array(32).fill(9))
    const sealed = await sealPayload(epoch, header, payload, systemRandom)

    await expect(openPayload(other, header, sealed)).to.eventually.be.rejected.with.property('name', 'WrongEpochError')
    await expect(sealPayload(other, header, payload, systemRandom)).to.eventually.be.rejected.with.property('name', 'WrongEpochError')
    await expect(openPayload({ ...other, id: epoch.id }, header, sealed)).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
  })

  it('[SP8] the largest payload can be sealed, one byte more cannot', async () => {
    const epoch = await openEpoch(key)
    const sealed = await sealPayload(epoch, header, new Uint8Array(MAX_PAYLOAD_BYTES - SEAL_BYTES), systemRandom)

    expect(sealed).to.have.length(MAX_PAYLOAD_BYTES)
    expect(await openPayload(epoch, header, sealed)).to.have.length(MAX_PAYLOAD_BYTES - SEAL_BYTES)
    await expect(sealPayload(epoch, header, new Uint8Array(MAX_PAYLOAD_BYTES - SEAL_BYTES + 1), systemRandom)).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    await expect(openPayload(epoch, header, new Uint8Array(MAX_PAYLOAD_BYTES + 1))).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    await expect(openPayload(epoch, header, new Uint8Array(SEAL_BYTES - 1))).to.eventually.be.rejected.with.property('name', 'MalformedError')
    expect(await openPayload(epoch, header, await sealPayload(epoch, header, new Uint8Array(), systemRandom))).to.have.length(0)
  })

  it('[SP9] no bit of it can be changed', async () => {
    const epoch = await openEpoch(key)
    const sealed = await sealPayload(epoch, header, payload, systemRandom)

    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed)

      changed[at] ^= 1
      await expect(openPayload(epoch, header, changed)).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
    }
  })

  it('[SP9] 5,000 odd inputs give a named error', async () => {
    const epoch = await openEpoch(key)

    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async bytes => {
      await expect(openPayload(epoch, header, bytes)).to.eventually.be.rejected.with.property('name').that.is.oneOf(['InvalidSignatureError', 'MalformedError'])
    }), { numRuns: 5_000 })
  })

  it('[SP10] an entry carries it as a raw block, and opens after it travelled', async () => {
    const epoch = await openEpoch(key)
    const signer = await signerFromSeed(new Uint8Array(32).fill(5))
    const { v, ...before } = { ...header, device: deviceId(signer.publicKey) }
    const entry = decodeEntry(encodeEntry(await signEntry(signer, before, await sealPayload(epoch, { v, ...before }, payload, systemRandom))))

    expect(entry.header.epoch).to.deep.equal(epoch.id)
    expect(await openPayload(epoch, { ...entry.header, epoch: epochId(key) }, entry.payload ?? new Uint8Array())).to.deep.equal(payload)
  })
})
