/** What sync does with the log when its state machine asks for it. */
import { isSendersFault } from '../errors.ts'
import { compareRecords, decodeRecord } from '../identity/index.ts'
import { wallOwner } from '../ids.ts'
import { MAX_CHAINS_PER_SPACE } from '../limits.ts'
import { readHeader } from '../log/entry.ts'
import { decodeEntry, makeForkProof, UnknownVersionError } from '../log/index.ts'
import { union } from '../log/ranges.ts'
import type { Effect, Summary } from './events.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { SpaceId } from '../ids.ts'
import type { Branch, ChainKey, Entry, Log, Range } from '../log/index.ts'

/** What is of a later version is nobody's fault */
function passOverLater (error: unknown): undefined {
  if (!(error instanceof UnknownVersionError)) {
    throw error
  }
}

/** What the log holds of a space, as far as it may be shown */
export async function summarize (log: Log, space: SpaceId): Promise<Summary> {
  const chains = await log.views(space)
  const records: Summary['records'] = []

  for (const identity of new Set([wallOwner(space), ...chains.map(view => view.identity)])) {
    const found = await log.record(identity)

    if (found != null) {
      records.push({ identity, seq: found.record.seq, hash: found.hash })
    }
  }

  return { records, chains }
}

/** Reads records that came in: those that are new, of identities that may write in the space. Nobody may fill our store with others */
export async function readRecords (log: Log, space: SpaceId, stored: Uint8Array[]): Promise<SignedRecord[]> {
  const records: SignedRecord[] = []

  for (const bytes of stored) {
    const record = await decodeRecord(bytes).catch(passOverLater)
    const identity = record?.record.identity

    if (record != null && identity != null && await isNews(log, record) &&
      (identity === wallOwner(space) || (log.mayWrite(space, identity) && (await log.authors(space)).length < MAX_CHAINS_PER_SPACE))) {
      records.push(record)
    }
  }

  return records
}

async function isNews (log: Log, record: SignedRecord): Promise<boolean> {
  const known = await log.record(record.record.identity)

  return known == null || compareRecords(record, known) > 0
}

/** Takes a proof that came whole */
export async function addProof (log: Log, proof: Uint8Array): Promise<void> {
  await log.addForkProof(proof).catch(passOverLater)
}

/** Joins the other side's branch with one's own to a proof */
export async function prove (log: Log, chain: ChainKey, branch: Branch): Promise<void> {
  try {
    const bottom = branch.headers[branch.headers.length - 1]
    const own = bottom == null ? undefined : await log.branch(chain, readHeader(bottom).seq)

    if (own != null) {
      await log.addForkProof((await makeForkProof(own, branch)).bytes)
    }
  } catch (err) {
    // what was held changed while the two of us were searching: the next `have` begins again
    if (!isSendersFault(err) && !(err instanceof UnknownVersionError)) {
      throw err
    }
  }
}

/**
 * Reads entries that came in, without those of a later version.
 *
 * @param stored - as they travelled
 * @param known - those that were read before; the others are added
 */
export function readEntries (stored: Uint8Array[], known: WeakMap<Uint8Array, Entry>): Entry[] {
  const entries: Entry[] = []

  for (const bytes of stored) {
    try {
      const entry = known.get(bytes) ?? decodeEntry(bytes)

      known.set(bytes, entry)
      entries.push(entry)
    } catch (err) {
      passOverLater(err)
    }
  }

  return entries
}

export interface Slice {
  entries: Uint8Array[]
  bytes: number
  /** What of the slice was there and did fit */
  ranges: Range[]
  /** What did not fit */
  rest?: Range
}

/** Stored entries, newest first, as they are */
export async function readSlice (log: Log, { chain, from, to, maxBytes }: Extract<Effect, { type: 'read' }>): Promise<Slice> {
  const slice: Slice = { entries: [], bytes: 0, ranges: [] }

  for await (const stored of log.readStored(chain, { from, to, reverse: true })) {
    if (slice.bytes + stored.bytes.length > maxBytes) {
      slice.rest = { from, to: stored.seq }
      break
    }

    slice.bytes += stored.bytes.length
    slice.entries.push(stored.bytes)
    addDescending(slice.ranges, stored.seq)
  }

  slice.ranges.reverse()

  return slice
}

/** What of which chains these are */
export function rangesByChain (entries: Entry[]): Array<{ chain: ChainKey, ranges: Range[] }> {
  const chains = new Map<string, { chain: ChainKey, ranges: Range[] }>()
  let last: { chain: ChainKey, ranges: Range[] } | undefined

  for (const { header: { space, identity, device, seq } } of entries) {
    if (last?.chain.device !== device || last.chain.identity !== identity) {
      last = chains.get(identity + device) ?? { chain: { space, identity, device }, ranges: [] }
      chains.set(identity + device, last)
    }

    addDescending(last.ranges, seq)
  }

  return [...chains.values()].map(({ chain, ranges }) => ({ chain, ranges: union(ranges, []) }))
}

/** Entries travel newest first */
function addDescending (ranges: Range[], seq: number): void {
  const range = ranges[ranges.length - 1]

  if (range?.from === seq + 1) {
    range.from = seq
  } else {
    ranges.push({ from: seq, to: seq })
  }
}
