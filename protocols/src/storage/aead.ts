import { concat } from 'uint8arrays/concat'
import type { Random } from '../interface.ts'

/** Nonce and tag of AES-GCM */
export const NONCE_BYTES = 12
export const TAG_BYTES = 16

/** `nonce ‖ AES-256-GCM(plain)` */
export async function sealAead (key: CryptoKey, plain: Uint8Array, aad: Uint8Array, random: Random): Promise<Uint8Array> {
  const nonce = random.bytes(NONCE_BYTES)
  const sealed = await crypto.subtle.encrypt(parameters(nonce, aad), key, plain as BufferSource)

  return concat([nonce, new Uint8Array(sealed)])
}

/** @returns undefined if it was sealed with another key or other associated data, or was changed */
export async function openAead (key: CryptoKey, sealed: Uint8Array, aad: Uint8Array): Promise<Uint8Array | undefined> {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) {
    return undefined
  }

  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(sealed.subarray(0, NONCE_BYTES), aad), key, sealed.subarray(NONCE_BYTES) as BufferSource))
  } catch {
    return undefined
  }
}

/** A key that cannot be read back, from its 32 bytes */
export async function importAeadKey (bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes as BufferSource, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

function parameters (nonce: Uint8Array, aad: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce as BufferSource, additionalData: aad as BufferSource, tagLength: TAG_BYTES * 8 }
}
