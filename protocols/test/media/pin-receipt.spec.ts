import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { spaceId } from '../../src/ids.ts'
import { MAX_PIN_BYTES, MAX_PIN_ROOTS } from '../../src/media/constants.ts'
import { decodePinReceipt, signPinReceipt } from '../../src/media/index.ts'
import { decodePinMessage, decodePinRequest, encodePinMessage, encodePinRequest } from '../../src/media/pin-messages.ts'
import { rawBlock } from './support/blocks.ts'
import type { Signer } from '../../src/identity/index.ts'

const { cid } = rawBlock(Uint8Array.of(1))
const space = spaceId(new Uint8Array(32).fill(3))

describe('media: pin receipts', () => {
  let signer: Signer

  before(async () => {
    signer = await signerFromSeed(new Uint8Array(32).fill(2))
  })

  it('[ME11] comes back as it was signed', async () => {
    const bytes = await signPinReceipt(signer, { root: cid, size: 12, time: 34 })

    expect(await decodePinReceipt(bytes)).to.deep.equal({ root: cid, size: 12, time: 34, by: signer.publicKey })
  })

  it('[ME11] any other byte makes it invalid', async () => {
    const bytes = await signPinReceipt(signer, { root: cid, size: 12, time: 34 })

    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice()
      changed[i] ^= 1
      await expect(decodePinReceipt(changed)).to.eventually.be.rejected()
    }
  })

  it('[ME11] one by another key than it names', async () => {
    const other = await signerFromSeed(new Uint8Array(32).fill(9))
    const bytes = await signPinReceipt({ publicKey: signer.publicKey, sign: async message => other.sign(message) }, { root: cid, size: 1, time: 1 })

    await expect(decodePinReceipt(bytes)).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
  })

  it('[ME12] requests and answers come back as they were', () => {
    const request = { space, roots: [{ cid, size: 5 }, { cid, size: MAX_PIN_BYTES }] }
    expect(decodePinRequest(encodePinRequest(request))).to.deep.equal(request)

    for (const message of [
      { type: 'receipt', receipt: Uint8Array.of(1) },
      { type: 'failure', cid, reason: 'full' },
      { type: 'progress', cid, done: 7 }
    ] as const) {
      expect(decodePinMessage(encodePinMessage(message))).to.deep.equal(message)
    }
  })

  it('[ME12] one past each limit', () => {
    expect(() => decodePinRequest(encodePinRequest({ space, roots: [{ cid, size: MAX_PIN_BYTES + 1 }] }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePinRequest(encodePinRequest({ space, roots: Array.from({ length: MAX_PIN_ROOTS + 1 }, () => ({ cid, size: 1 })) })))
      .to.throw().with.property('name', 'LimitExceededError')
    expect(() => decodePinMessage(encode([3, cid, 1]))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePinMessage(encode([0, cid, 4]))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePinMessage(encode([]))).to.throw().with.property('name', 'MalformedError')
  })
})
