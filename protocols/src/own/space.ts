/** Which space it is. Rules: specs/own.md [OW1]. */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { readBytes } from '../codec/index.ts'
import { withDomain } from '../hash.ts'
import { privateSpaceId } from '../space/index.ts'
import { OWN_SEED_BYTES } from './constants.ts'
import type { SpaceId } from '../ids.ts'

const OWN_SPACE_LABEL = 'pergola/own-space/1'

/**
 * The space that belongs to a seed.
 *
 * @throws {MalformedError} unless the seed has 32 bytes
 */
export function ownSpaceId (seed: Uint8Array): SpaceId {
  readBytes(seed, 'own seed', OWN_SEED_BYTES)

  return privateSpaceId(attempt => hkdf(sha256, seed, undefined, withDomain(OWN_SPACE_LABEL, Uint8Array.of(attempt)), 32))
}
