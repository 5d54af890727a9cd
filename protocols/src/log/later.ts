/** Entries of later versions: what this version relies on, to pass them on. Rules: specs/log.md [LG4]. */
import { decodeCanonical, readArray, readBytes, readOpenMap, readUint } from '../codec/index.ts'
import { spaceId } from '../ids.ts'
import { MAX_FRAME_BYTES, MAX_HEADER_BYTES } from '../limits.ts'
import { readPartsBytes } from './entry-bytes.ts'
import type { SpaceId } from '../ids.ts'

/** Members of an entry of a later version, of which the first is its header */
const MAX_PARTS = 16
/** What follows the head of a header's map in version 1: `"v": 1` */
const VERSION_1 = Uint8Array.of(0x61, 0x76, 0x01)

function isVersion1 (stored: Uint8Array): boolean {
  const header = stored.length > MAX_FRAME_BYTES ? undefined : readPartsBytes(stored)?.headerBytes

  return header != null && VERSION_1.every((byte, i) => header[1 + i] === byte)
}

/**
 * The space of an entry of a later version, as it travels.
 *
 * @returns undefined if it is none: an entry of this version, or nothing of the kind
 */
export function spaceOfLater (stored: Uint8Array): SpaceId | undefined {
  if (isVersion1(stored)) {
    return undefined
  }

  try {
    const [header] = readArray(decodeCanonical(stored, { maxBytes: MAX_FRAME_BYTES }), 'An entry', MAX_PARTS)
    const { v, space } = readOpenMap(decodeCanonical(readBytes(header, 'header'), { maxBytes: MAX_HEADER_BYTES }), 'An entry header')

    return readUint(v, 'v') === 1 ? undefined : spaceId(readBytes(space, 'space', 32))
  } catch {
    return undefined
  }
}
