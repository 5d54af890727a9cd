/** The short way for the frames that carry entries: nothing of what they hold is copied or read. Same bytes as the long way in frames.ts. */
import { CborCursor, headLength, writeHead } from '../codec/cursor.ts'
import { idBytes, spaceId } from '../ids.ts'
import { MAX_FRAME_BYTES } from '../limits.ts'
import { writeByteStrings } from '../log/entry-bytes.ts'
import { MAX_SLICE_ENTRIES } from './constants.ts'
import type { SpaceId } from '../ids.ts'

/** An array of three, type 4, then the head of 32 bytes of space */
const START = Uint8Array.of(0x83, 0x04, 0x58, 0x20)

export function encodeEntriesFrame (space: SpaceId, entries: Uint8Array[]): Uint8Array {
  const head = new Uint8Array(START.length + 32 + headLength(entries.length))

  head.set(START)
  head.set(idBytes(space), START.length)
  writeHead(head, START.length + 32, 4, entries.length)

  return writeByteStrings(head, entries)
}

/** The frame, or undefined if it is another, or has to go the long way to learn what is wrong with it */
export function decodeEntriesFrame (bytes: Uint8Array): { type: 'entries', space: SpaceId, entries: Uint8Array[] } | undefined {
  const cursor = new CborCursor(bytes)

  if (bytes.length > MAX_FRAME_BYTES || !cursor.skip(START)) {
    return undefined
  }

  const space = cursor.take(32)
  const count = cursor.head(4)

  if (space == null || count < 0 || count > MAX_SLICE_ENTRIES) {
    return undefined
  }

  const entries: Uint8Array[] = []

  for (let i = 0; i < count; i++) {
    const entry = cursor.byteString()

    if (entry == null) {
      return undefined
    }

    entries.push(entry)
  }

  return cursor.isAtEnd ? { type: 'entries', space: spaceId(space), entries } : undefined
}
