import { ed25519 } from '@noble/curves/ed25519.js'
import { concat } from 'uint8arrays/concat'

/** Something that signs and does not give its key away */
export interface Signer {
  /** Raw Ed25519 public key, 32 bytes */
  readonly publicKey: Uint8Array
  /** 64 bytes */
  sign (message: Uint8Array): Promise<Uint8Array>
}

/** PKCS #8 head of a raw Ed25519 seed (RFC 8410) */
const PKCS8_ED25519 = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20)

/**
 * Signs with a key pair that WebCrypto holds; it may be non-extractable. Structured cloning keeps such a pair in IndexedDB.
 */
export async function signerFromKeyPair (pair: CryptoKeyPair): Promise<Signer> {
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))

  return {
    publicKey,
    sign: async message => new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message as BufferSource))
  }
}

/** Signs with a raw seed of 32 bytes: the platform's implementation where it has one, noble's otherwise */
export async function signerFromSeed (seed: Uint8Array): Promise<Signer> {
  const publicKey = ed25519.getPublicKey(seed)

  try {
    const key = await crypto.subtle.importKey('pkcs8', concat([PKCS8_ED25519, seed]) as BufferSource, 'Ed25519', false, ['sign'])

    return {
      publicKey,
      sign: async message => new Uint8Array(await crypto.subtle.sign('Ed25519', key, message as BufferSource))
    }
  } catch {
    const kept = seed.slice()

    return { publicKey, sign: async message => ed25519.sign(message, kept) }
  }
}
