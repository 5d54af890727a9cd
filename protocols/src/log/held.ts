/** What is held of one chain, with what is needed to join runs without reading entries. */
import { decodeCanonical, encode, readArray, readBytes, readUint } from '../codec/index.ts'
import { entryId, idBytes } from '../ids.ts'
import { MAX_FRAME_BYTES, MAX_SEQ } from '../limits.ts'
import { rangeOf } from './ranges.ts'
import type { EntryId } from '../ids.ts'
import type { Range } from './ranges.ts'

/** Entries without a gap, each of which names the one below it */
export interface Segment extends Range {
  /** Whom the lowest entry names as the one before */
  below: EntryId | null
  /** Id of the highest entry; its own signature was verified */
  top: EntryId
}

export interface Held {
  /** Ascending, disjoint, not adjacent */
  segments: Segment[]
  /** Lowest sequence number at which two entries are known */
  fork?: number
  /** Where the closed device's last entry that counts was found */
  cut?: { seq: number, id: EntryId }
}

export function encodeHeld (held: Held): Uint8Array {
  return encode([
    held.segments.map(({ from, to, below, top }) => [from, to, below == null ? null : idBytes(below), idBytes(top)]),
    held.fork ?? null,
    held.cut == null ? null : [held.cut.seq, idBytes(held.cut.id)]
  ])
}

export function decodeHeld (bytes: Uint8Array): Held {
  const [segments, fork, cut] = readArray(decodeCanonical(bytes, { maxBytes: MAX_FRAME_BYTES }), 'What is held of a chain', 3)
  const held: Held = {
    segments: readArray(segments, 'segments', MAX_FRAME_BYTES).map(value => {
      const [from, to, below, top] = readArray(value, 'A segment', 4)

      return {
        from: readUint(from, 'from', MAX_SEQ),
        to: readUint(to, 'to', MAX_SEQ),
        below: below === null ? null : entryId(readBytes(below, 'below', 32)),
        top: entryId(readBytes(top, 'top', 32))
      }
    })
  }

  if (fork !== null) {
    held.fork = readUint(fork, 'fork', MAX_SEQ)
  }

  if (cut !== null) {
    const [seq, id] = readArray(cut, 'cut', 2)

    held.cut = { seq: readUint(seq, 'seq', MAX_SEQ), id: entryId(readBytes(id, 'id', 32)) }
  }

  return held
}

/** The segment that ends just below, or begins just above, a place */
export function neighbours (held: Held, from: number, to: number): { lower?: Segment, upper?: Segment } {
  return {
    lower: from === 0 ? undefined : rangeOf(held.segments, from - 1),
    upper: rangeOf(held.segments, to + 1)
  }
}

/** Adds a linked run whose links to its neighbours were checked */
export function insertSegment (held: Held, run: Segment): void {
  const { lower, upper } = neighbours(held, run.from, run.to)
  const merged: Segment = {
    from: lower?.from ?? run.from,
    to: upper?.to ?? run.to,
    below: lower == null ? run.below : lower.below,
    top: upper?.top ?? run.top
  }

  held.segments = [...held.segments.filter(segment => segment !== lower && segment !== upper), merged].sort((a, b) => a.from - b.from)
}

/** The highest entry held */
export function headOf (held: Held): { seq: number, id: EntryId } | undefined {
  const last = held.segments[held.segments.length - 1]

  return last == null ? undefined : { seq: last.to, id: last.top }
}
