import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { expect } from 'aegir/chai'
import { createEntropy, entropyFromPhrase, phraseFromEntropy, rootFromEntropy, signerFromKeyPair, signerFromSeed, verify } from '../../src/identity/index.ts'
import { fromHex, identityToText, toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { readVectors } from '../vectors.ts'
import { identityVectors } from './identity-vectors.ts'
import type { IdentityVectors } from './identity-vectors.ts'

/** HKDF-SHA-256 by the platform, with an empty salt */
async function hkdf (entropy: Uint8Array, label: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', entropy as BufferSource, 'HKDF', false, ['deriveBits'])

  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(label) }, key, 256))
}

describe('root', () => {
  let vectors: IdentityVectors

  before(async () => {
    vectors = await readVectors('identity')
  })

  it('[ID10] to [ID29] has vectors that anybody can make again', async () => {
    expect(vectors).to.deep.equal(await identityVectors())
  })

  it('[ID10] to [ID12] comes from its words as in the vectors', async () => {
    for (const vector of vectors.roots) {
      expect(toHex(entropyFromPhrase(vector.phrase))).to.equal(vector.entropy)
      expect(phraseFromEntropy(fromHex(vector.entropy))).to.equal(vector.phrase)

      const root = await rootFromEntropy(fromHex(vector.entropy))

      expect(root.identity).to.equal(vector.identity)
      expect(identityToText(root.identity)).to.equal(vector.text)
      expect(toHex(root.recovery.publicKey)).to.equal(vector.recovery)
      expect(toHex(root.publishSeed)).to.equal(vector.publishSeed)
      expect(toHex(root.ownSpaceSeed)).to.equal(vector.ownSpaceSeed)
    }
  })

  it('[ID11] [ID12] derives each key by HKDF with a label of its own', async () => {
    const entropy = createEntropy(systemRandom)
    const root = await rootFromEntropy(entropy)

    expect(root.signer.publicKey).to.deep.equal(ed25519.getPublicKey(await hkdf(entropy, 'pergola/root/1')))
    expect(root.recovery.privateKey).to.deep.equal(await hkdf(entropy, 'pergola/recovery/1'))
    expect(root.recovery.publicKey).to.deep.equal(x25519.getPublicKey(root.recovery.privateKey))
    expect(root.publishSeed).to.deep.equal(await hkdf(entropy, 'pergola/publish/1'))
    expect(root.ownSpaceSeed).to.deep.equal(await hkdf(entropy, 'pergola/own/1'))
  })

  it('[ID13] signs the same with a seed, a key pair that gives nothing away, and in JavaScript', async () => {
    const message = new TextEncoder().encode('message')
    const seed = systemRandom.bytes(32)
    const fromSeed = await signerFromSeed(seed)

    expect(await fromSeed.sign(message)).to.deep.equal(ed25519.sign(message, seed))

    const fromPair = await signerFromKeyPair(await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair)

    expect(await verify(fromPair.publicKey, message, await fromPair.sign(message))).to.equal(true)
    expect(await verify(fromSeed.publicKey, message, await fromPair.sign(message))).to.equal(false)
  })
})
