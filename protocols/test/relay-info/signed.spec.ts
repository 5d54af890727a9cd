import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { withDomain } from '../../src/hash.ts'
import { MAX_SIGNED_RELAY_INFO_BYTES } from '../../src/relay-info/constants.ts'
import { decodeRelayInfo, decodeSignedRelayInfo, encodeRelayInfo, peerSigner, relayInfoValue, signRelayInfo } from '../../src/relay-info/index.ts'
import { relayInfo, relayKey } from './relays.ts'

async function signedBody (body: unknown): Promise<Uint8Array> {
  const bytes = encode(body)

  return encode([bytes, await peerSigner(await relayKey(1)).sign(withDomain('pergola/relay-info/1', bytes))])
}

describe('signed relay-info', () => {
  it('[RI11] a relay speaks for itself, and says when', async () => {
    const info = await relayInfo(1)
    const bytes = await signRelayInfo(peerSigner(await relayKey(1)), info, 123)

    expect(await decodeSignedRelayInfo(bytes)).to.deep.equal({ info, time: 123, bytes })
  })

  it('[RI12] the key that signs is the one of the PeerId', async () => {
    const info = await relayInfo(1)
    const body = encode({ v: 1, relay: relayInfoValue(info), time: 1 })
    const forged = encode([body, await peerSigner(await relayKey(2)).sign(withDomain('pergola/relay-info/1', body))])

    await expect(signRelayInfo(peerSigner(await relayKey(2)), info, 1)).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
    await expect(decodeSignedRelayInfo(forged)).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
  })

  it('[RI12] no byte of it can be changed', async () => {
    const bytes = await signRelayInfo(peerSigner(await relayKey(1)), await relayInfo(1), 123)

    await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Uint8Array.from(bytes)

      changed[at] ^= flip
      await expect(decodeSignedRelayInfo(changed)).to.eventually.be.rejected.with.property('name').that.is.oneOf(['InvalidSignatureError', 'MalformedError', 'LimitExceededError'])
    }), { numRuns: 500 })
  })

  it('[RI13] unknown fields are ignored, an unknown version is refused', async () => {
    const relay = relayInfoValue(await relayInfo(1))

    expect(await decodeSignedRelayInfo(await signedBody({ v: 1, relay, time: 5, mailbox: true }))).to.deep.include({ info: await relayInfo(1), time: 5 })
    await expect(decodeSignedRelayInfo(await signedBody({ v: 2, relay, time: 5 }))).to.eventually.be.rejected.with.property('name', 'MalformedError')
    await expect(decodeSignedRelayInfo(await signedBody({ v: 1, relay }))).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })

  it('[RI14] a document that is too long is refused', async () => {
    await expect(decodeSignedRelayInfo(new Uint8Array(MAX_SIGNED_RELAY_INFO_BYTES + 1))).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
  })

  it('[RI10] 5,000 odd inputs give a relay or a named error', async () => {
    const valid = encodeRelayInfo(await relayInfo(1))
    const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = Uint8Array.from(valid)

      bytes[at] = byte

      return bytes
    })
    const part = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.uint8Array({ maxLength: 40 }), fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 }))
    const shaped = fc.tuple(fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), part), part, part, part, part).map(parts => encode(parts))

    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated, shaped), bytes => {
      try {
        decodeRelayInfo(bytes)
      } catch (err) {
        expect(['MalformedError', 'LimitExceededError']).to.include((err as Error).name)
      }
    }), { numRuns: 5_000 })
  })
})
