/** What the reducer remembers of one entry. */
import { decodePayload } from './payload.ts'
import type { EntryId } from '../ids.ts'
import type { Payload } from './index.ts'
import type { ChainKey, Entry } from '../log/entry.ts'

export interface Known {
  id: EntryId
  chain: ChainKey
  seq: number
  /** The author's time */
  claimed: number
  /** Earliest first sight */
  seen: number
  /** Whether payload bytes came with it, readable or not */
  hasPayload: boolean
  /** Undefined while there are none, or where they are not what the specification says */
  payload?: Payload
}

function readPayload (bytes: Uint8Array): Payload | undefined {
  try {
    return decodePayload(bytes)
  } catch {
    return undefined
  }
}

/** What is known of an entry now, given what was known `before`, if anything */
export function know (entry: Entry, firstSeen: number, before?: Known): Known {
  const { space, identity, device, seq, time } = entry.header
  const fresh = before?.hasPayload !== true && entry.payload != null
  const payload = fresh && entry.payload != null ? readPayload(entry.payload) : before?.payload

  return {
    id: entry.id,
    chain: before?.chain ?? { space, identity, device },
    seq,
    claimed: time,
    seen: Math.min(firstSeen, before?.seen ?? firstSeen),
    hasPayload: entry.payload != null || before?.hasPayload === true,
    ...(payload == null ? {} : { payload })
  }
}

/** The time to show: what the author says, unless it was seen before that */
export function shownTime ({ claimed, seen }: Known): number {
  return Math.min(claimed, seen)
}
