/** Which space it is, and who may write in it. Rules: specs/own.md [OW1] and [OW2]. */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { readBytes } from '../codec/index.ts'
import { spaceId } from '../ids.ts'
import { OWN_SEED_BYTES } from './constants.ts'
import type { SpaceId } from '../ids.ts'

const OWN_SPACE_LABEL = new TextEncoder().encode('pergola/own-space/1')

/**
 * The space that belongs to a seed.
 *
 * @throws {MalformedError} unless the seed has 32 bytes
 */
export function ownSpaceId (seed: Uint8Array): SpaceId {
  return spaceId(hkdf(sha256, readBytes(seed, 'own seed', OWN_SEED_BYTES), undefined, OWN_SPACE_LABEL, 32))
}
