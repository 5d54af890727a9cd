import { ed25519 } from '@noble/curves/ed25519.js'
import { expect } from 'aegir/chai'
import { isGoodKey, strictVerifier, verify } from '../../src/identity/index.ts'
import { fromHex } from '../../src/ids.ts'
import { readVectors } from '../vectors.ts'
import { ed25519Vectors } from './ed25519-vectors.ts'
import { nonCanonicalEncodings, oddSignatures, smallOrderEncodings } from './odd-signatures.ts'
import type { SignatureVector } from './odd-signatures.ts'

/** One is asked afresh for every signature, the other remembers keys */
const verifiers = {
  'the platform': () => strictVerifier(),
  'JavaScript alone': () => strictVerifier({ portable: true })
}

async function verdict (verifier: Pick<ReturnType<typeof strictVerifier>, 'verify'>, { publicKey, message, signature }: Omit<SignatureVector, 'verdict'>): Promise<string> {
  return await verifier.verify(fromHex(publicKey), fromHex(message), fromHex(signature)) ? 'accept' : 'reject'
}

describe('strict verifier', () => {
  let vectors: SignatureVector[]

  before(async () => {
    vectors = await readVectors('ed25519')
  })

  it('[ID1] to [ID6] has vectors that anybody can make again', () => {
    expect(vectors).to.deep.equal(ed25519Vectors())
  })

  it('[ID6] has an implementation of the platform to use', async () => {
    const key = await crypto.subtle.importKey('raw', ed25519.getPublicKey(new Uint8Array(32)) as BufferSource, 'Ed25519', false, ['verify'])

    expect(key.type).to.equal('public')
  })

  it('[ID1] to [ID6] gives the verdicts of the vectors, with the platform and with JavaScript alone', async () => {
    for (const create of Object.values(verifiers)) {
      const remembering = create()

      for (const vector of vectors) {
        expect(await verdict(remembering, vector), vector.title).to.equal(vector.verdict)
        expect(await verdict(create(), vector), vector.title).to.equal(vector.verdict)
      }
    }
  })

  for (const [name, create] of Object.entries(verifiers)) {
    it(`[ID1] to [ID6] gives the same verdicts for odd signatures of all kinds, with ${name}`, async function () {
      this.timeout(120_000)

      const verifier = create()
      const counts: Record<string, number> = { accept: 0, reject: 0 }

      // the same on every platform: the seed is fixed
      for (const signature of oddSignatures('platforms', 40)) {
        expect(await verdict(verifier, signature), JSON.stringify(signature)).to.equal(signature.verdict)
        counts[signature.verdict]++
      }

      expect(counts.accept).to.equal(40)
    })

    it(`[ID6] accepts what every implementation signs, with ${name}`, async () => {
      const seed = new Uint8Array(32).fill(7)
      const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']) as CryptoKeyPair
      const verifier = create()

      for (let length = 0; length < 100; length += 11) {
        const message = crypto.getRandomValues(new Uint8Array(length))
        const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
        const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message))

        expect(await verifier.verify(publicKey, message, signature)).to.equal(true)
        expect(await verifier.verify(ed25519.getPublicKey(seed), message, ed25519.sign(message, seed))).to.equal(true)
      }
    })

    it(`[ID1] does not throw, whatever it is given, with ${name}`, async () => {
      const verifier = create()

      for (const key of [0, 1, 31, 32, 33, 64]) {
        for (const signature of [0, 1, 63, 64, 65, 1_000]) {
          expect(await verifier.verify(new Uint8Array(key).fill(9), new Uint8Array(), new Uint8Array(signature).fill(9))).to.equal(false)
        }
      }
    })
  }

  it('[ID3] [ID4] [ID5] knows a bad key without a signature', () => {
    for (const { bytes } of [...smallOrderEncodings(), ...nonCanonicalEncodings()]) {
      expect(isGoodKey(bytes)).to.equal(false)
    }

    expect(smallOrderEncodings()).to.have.lengthOf(14)
    expect(isGoodKey(new Uint8Array())).to.equal(false)
    expect(isGoodKey(ed25519.getPublicKey(new Uint8Array(32)))).to.equal(true)
  })

  it('[ID6] verifies what it was given at the call, even if the caller uses the arrays again', async () => {
    const seed = new Uint8Array(32).fill(3)
    const message = Uint8Array.of(1, 2, 3)
    const key = ed25519.getPublicKey(seed)
    const signature = ed25519.sign(message, seed)
    const answer = verify(key, message, signature)
    key.fill(0)
    signature.fill(0)

    expect(await answer).to.equal(true)
  })

  it('[ID6] forgets keys it has not seen for long, and still gives the same verdict', async function () {
    this.timeout(60_000)

    const verifier = strictVerifier()
    const seed = new Uint8Array(32).fill(5)
    const message = Uint8Array.of(1)
    const signature = ed25519.sign(message, seed)
    const key = ed25519.getPublicKey(seed)
    expect(await verifier.verify(key, message, signature)).to.equal(true)

    // no point of the curve: refused at once, but remembered
    for (let n = 0; n < 5_000; n++) {
      const other = new Uint8Array(32).fill(2)
      new DataView(other.buffer).setUint32(0, n)
      await verifier.verify(other, message, signature)
    }

    expect(await verifier.verify(key, message, signature)).to.equal(true)
  })
})
