/** Epochs: the keys under which a private space is written, one after the other. Rules: specs/space.md [SP1] to [SP4]. */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 as digest } from '@noble/hashes/sha2.js'
import { readBytes } from '../codec/index.ts'
import { sha256, withDomain } from '../hash.ts'
import { EPOCH_ID_BYTES, EPOCH_KEY_BYTES } from './constants.ts'
import type { Random } from '../interface.ts'
import type { Epoch } from './index.ts'

const EPOCH_DOMAIN = 'pergola/epoch/1'
const PAYLOAD_LABEL = 'pergola/payload-key/1'

export function createEpochKey (random: Random): Uint8Array {
  return random.bytes(EPOCH_KEY_BYTES)
}

/** What stands in the headers of entries sealed under this key; says nothing of it */
export function epochId (key: Uint8Array): Uint8Array {
  return sha256(withDomain(EPOCH_DOMAIN, key)).slice(0, EPOCH_ID_BYTES)
}

/**
 * Makes an epoch ready for use. Its raw key need not be kept for that.
 *
 * @throws {MalformedError} unless the key has 32 bytes
 */
export async function openEpoch (key: Uint8Array): Promise<Epoch> {
  readBytes(key, 'epoch key', EPOCH_KEY_BYTES)

  const payloadKey = hkdf(digest, key, undefined, new TextEncoder().encode(PAYLOAD_LABEL), 32)

  return {
    id: epochId(key),
    payloadKey: await crypto.subtle.importKey('raw', payloadKey as BufferSource, 'AES-GCM', false, ['encrypt', 'decrypt'])
  }
}
