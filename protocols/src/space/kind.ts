/** Which spaces are walls and which are private: the id tells. Rule: specs/space.md [SP30]. */
import { isGoodKey } from '../identity/index.ts'
import { idBytes, spaceId } from '../ids.ts'
import type { SpaceId } from '../ids.ts'

/** Verdicts kept in memory: to find one takes about as long as to verify a signature */
const MAX_CACHED_SPACES = 16_384

const verdicts = new Map<SpaceId, boolean>()

/** Whether a space is private, and no identity's public wall */
export function isPrivateSpace (space: SpaceId): boolean {
  const known = verdicts.get(space)

  if (known != null) {
    return known
  }

  const verdict = !isGoodKey(idBytes(space))

  if (verdicts.size >= MAX_CACHED_SPACES) {
    const [oldest] = verdicts.keys()

    verdicts.delete(oldest)
  }

  verdicts.set(space, verdict)

  return verdict
}

/**
 * The id of a private space: the first of a series that can be one. One in sixteen cannot.
 *
 * @param candidate - 32 bytes for each number from 0: new random ones, or always the same for the same number
 * @throws {MalformedIdError} unless they are 32 bytes
 */
export function privateSpaceId (candidate: (attempt: number) => Uint8Array): SpaceId {
  let attempt = 0
  let space = spaceId(candidate(attempt))

  while (!isPrivateSpace(space)) {
    space = spaceId(candidate(++attempt))
  }

  return space
}
