/** The frames of sync, to and from bytes. Rules: specs/sync.md [SY10] to [SY29]. */
import { decodeCanonical, encode, readArray, readBoolean, readBytes, readCid, readUint } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { SIGNATURE_BYTES } from '../identity/index.ts'
import { deviceId, entryCid, entryIdFromCid, idBytes, identityId, spaceId } from '../ids.ts'
import {
  MAX_FORK_PATH, MAX_FORK_PROOF_BYTES, MAX_FRAME_BYTES, MAX_SEQ, MAX_SYNC_CHAINS, MAX_SYNC_RANGES, MAX_SYNC_ROUND_BYTES
} from '../limits.ts'
import { MAX_RECEIPTS_PER_FRAME, MAX_RECORDS_PER_FRAME, MAX_SLICE_ENTRIES, MAX_TRAIL_POINTS } from './constants.ts'
import { decodeEntriesFrame, encodeEntriesFrame } from './entries-frame.ts'
import type { EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { Branch, ChainKey, ChainView, Range } from '../log/index.ts'

/** Which record of an author somebody has */
export interface RecordMark {
  identity: IdentityId
  seq: number
  /** SHA-256 of the record bytes */
  hash: Uint8Array
}

export interface TrailPoint {
  seq: number
  id: EntryId
}

export type Frame =
  /** What the sender has of a space; opens it, or replaces what was said before. Long ones come in parts */
  | { type: 'have', space: SpaceId, receipts: boolean, last: boolean, records: RecordMark[], chains: ChainView[] }
  /** The space is not to be had here */
  | { type: 'refused', space: SpaceId }
  | { type: 'close', space: SpaceId }
  /** Signed identity records: they come before any entry that relies on them */
  | { type: 'records', space: SpaceId, records: Uint8Array[] }
  /** Entries as they are stored, each chain's newest first */
  | { type: 'entries', space: SpaceId, entries: Uint8Array[] }
  /** Everything that the last `have` lacked has been sent */
  | { type: 'caught-up', space: SpaceId }
  | { type: 'receipts', space: SpaceId, receipts: Uint8Array[] }
  | { type: 'fork', space: SpaceId, proof: Uint8Array }
  /** So many more bytes of entries may be sent */
  | { type: 'more', bytes: number }
  /** Which entries stand between these places? Asked to find a split */
  | { type: 'trace', chain: ChainKey, from: number, to: number }
  | { type: 'trail', chain: ChainKey, points: TrailPoint[] }
  /** Asks for one side of a fork proof */
  | { type: 'ask-branch', chain: ChainKey, seq: number }
  | { type: 'branch', chain: ChainKey, branch: Branch }

const Code = {
  have: 0,
  refused: 1,
  close: 2,
  records: 3,
  entries: 4,
  'caught-up': 5,
  receipts: 6,
  fork: 7,
  more: 8,
  trace: 9,
  trail: 10,
  'ask-branch': 11,
  branch: 12
} as const

const TYPES = Object.keys(Code) as Array<Frame['type']>

/** Fields of each frame, its code included */
const LENGTHS: Record<Frame['type'], number> = {
  have: 6,
  refused: 2,
  close: 2,
  records: 3,
  entries: 3,
  'caught-up': 2,
  receipts: 3,
  fork: 3,
  more: 2,
  trace: 4,
  trail: 3,
  'ask-branch': 3,
  branch: 4
}

function chainFields ({ space, identity, device }: ChainKey): Uint8Array[] {
  return [idBytes(space), idBytes(identity), idBytes(device)]
}

function viewFields (view: ChainView): unknown[] {
  return [
    idBytes(view.identity),
    idBytes(view.device),
    view.ranges.flatMap(({ from, to }) => [from, to]),
    view.head == null ? null : entryCid(view.head.id),
    view.fork ?? null
  ]
}

function fieldsOf (frame: Frame): unknown[] {
  switch (frame.type) {
    case 'have': return [
      idBytes(frame.space), frame.receipts, frame.last,
      frame.records.map(({ identity, seq, hash }) => [idBytes(identity), seq, hash]),
      frame.chains.map(viewFields)
    ]
    case 'refused':
    case 'close':
    case 'caught-up': return [idBytes(frame.space)]
    case 'records': return [idBytes(frame.space), frame.records]
    case 'entries': return [idBytes(frame.space), frame.entries]
    case 'receipts': return [idBytes(frame.space), frame.receipts]
    case 'fork': return [idBytes(frame.space), frame.proof]
    case 'more': return [frame.bytes]
    case 'trace': return [chainFields(frame.chain), frame.from, frame.to]
    case 'trail': return [chainFields(frame.chain), frame.points.map(({ seq, id }) => [seq, entryCid(id)])]
    case 'ask-branch': return [chainFields(frame.chain), frame.seq]
    case 'branch':
    default: return [chainFields(frame.chain), frame.branch.headers, frame.branch.signature]
  }
}

export function encodeFrame (frame: Frame): Uint8Array {
  if (frame.type === 'entries') {
    return encodeEntriesFrame(frame.space, frame.entries)
  }

  return encode([Code[frame.type], ...fieldsOf(frame)])
}

/** An array of exactly so many members */
function readTuple (value: unknown, what: string, length: number): unknown[] {
  const members = readArray(value, what, length)

  if (members.length !== length) {
    throw new MalformedError(`${what} must have ${length} members`)
  }

  return members
}

function readSpace (value: unknown): SpaceId {
  return spaceId(readBytes(value, 'space', 32))
}

function readChain (value: unknown): ChainKey {
  const [space, identity, device] = readTuple(value, 'A chain', 3)

  return {
    space: readSpace(space),
    identity: identityId(readBytes(identity, 'identity', 32)),
    device: deviceId(readBytes(device, 'device', 32))
  }
}

function readRanges (value: unknown): Range[] {
  const numbers = readArray(value, 'ranges', 2 * MAX_SYNC_RANGES).map(member => readUint(member, 'A place', MAX_SEQ))
  const ranges: Range[] = []

  for (let i = 0; i < numbers.length; i += 2) {
    const [from, to] = [numbers[i], numbers[i + 1]]

    if (to == null || to < from || (i > 0 && from < numbers[i - 1] + 2)) {
      throw new MalformedError('Ranges must be ascending and apart')
    }

    ranges.push({ from, to })
  }

  return ranges
}

function readView (space: SpaceId, value: unknown): ChainView {
  const [identity, device, ranges, head, fork] = readTuple(value, 'What is had of a chain', 5)
  const view: ChainView = {
    space,
    identity: identityId(readBytes(identity, 'identity', 32)),
    device: deviceId(readBytes(device, 'device', 32)),
    ranges: readRanges(ranges)
  }

  if ((head === null) !== (view.ranges.length === 0)) {
    throw new MalformedError('Exactly a chain of which something is had has a head')
  }

  return {
    ...view,
    ...(head === null ? {} : { head: { seq: view.ranges[view.ranges.length - 1].to, id: entryIdFromCid(readCid(head, 'head')) } }),
    ...(fork === null ? {} : { fork: readUint(fork, 'fork', MAX_SEQ) })
  }
}

function readRecordMark (value: unknown): RecordMark {
  const [identity, seq, hash] = readTuple(value, 'A record mark', 3)

  return { identity: identityId(readBytes(identity, 'identity', 32)), seq: readUint(seq, 'seq', MAX_SEQ), hash: readBytes(hash, 'hash', 32) }
}

function readAllBytes (value: unknown, what: string, max: number): Uint8Array[] {
  return readArray(value, what, max).map(member => readBytes(member, what))
}

/**
 * Reads a frame. Undefined for a type of a later version: ignore it.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError}
 */
export function decodeFrame (bytes: Uint8Array): Frame | undefined {
  return decodeEntriesFrame(bytes) ?? decodeAnyFrame(bytes)
}

function decodeAnyFrame (bytes: Uint8Array): Frame | undefined {
  const members = readArray(decodeCanonical(bytes, { maxBytes: MAX_FRAME_BYTES }), 'A frame', MAX_FRAME_BYTES)
  const type = TYPES[readUint(members[0], 'The type of a frame')]

  if (type == null) {
    return undefined
  }

  const [, a, b, c, d, e] = readTuple(members, 'A frame', LENGTHS[type])

  switch (type) {
    case 'have': {
      const space = readSpace(a)

      return {
        type,
        space,
        receipts: readBoolean(b, 'receipts'),
        last: readBoolean(c, 'last'),
        records: readArray(d, 'records', MAX_SYNC_CHAINS).map(readRecordMark),
        chains: readArray(e, 'chains', MAX_SYNC_CHAINS).map(value => readView(space, value))
      }
    }
    case 'refused':
    case 'close':
    case 'caught-up': return { type, space: readSpace(a) }
    case 'records': return { type, space: readSpace(a), records: readAllBytes(b, 'records', MAX_RECORDS_PER_FRAME) }
    case 'entries': return { type, space: readSpace(a), entries: readAllBytes(b, 'entries', MAX_SLICE_ENTRIES) }
    case 'receipts': return { type, space: readSpace(a), receipts: readAllBytes(b, 'receipts', MAX_RECEIPTS_PER_FRAME) }
    case 'fork': {
      const proof = readBytes(b, 'proof')

      if (proof.length > MAX_FORK_PROOF_BYTES) {
        throw new MalformedError('The fork proof is too long')
      }

      return { type, space: readSpace(a), proof }
    }
    case 'more': return { type, bytes: readUint(a, 'bytes', MAX_SYNC_ROUND_BYTES) }
    case 'trace': return { type, chain: readChain(a), from: readUint(b, 'from', MAX_SEQ), to: readUint(c, 'to', MAX_SEQ) }
    case 'trail': return {
      type,
      chain: readChain(a),
      points: readArray(b, 'points', MAX_TRAIL_POINTS).map(value => {
        const [seq, id] = readTuple(value, 'A point', 2)

        return { seq: readUint(seq, 'seq', MAX_SEQ), id: entryIdFromCid(readCid(id, 'id')) }
      })
    }
    case 'ask-branch': return { type, chain: readChain(a), seq: readUint(b, 'seq', MAX_SEQ) }
    case 'branch':
    default: return {
      type: 'branch',
      chain: readChain(a),
      branch: { headers: readAllBytes(b, 'headers', MAX_FORK_PATH), signature: readBytes(c, 'signature', SIGNATURE_BYTES) }
    }
  }
}

/** A `have` may be of several frames: each within the limits of a frame */
export function * haveFrames (space: SpaceId, receipts: boolean, records: RecordMark[], chains: ChainView[]): Generator<Frame> {
  // by their longest encodings, so that nothing has to be encoded twice
  const room = { bytes: 60_000, items: 9_000 }
  let part: Extract<Frame, { type: 'have' }> = { type: 'have', space, receipts, last: false, records: [], chains: [] }
  let { bytes, items } = room

  for (const mark of [...records, ...chains]) {
    const isChain = 'ranges' in mark
    const size = isChain ? 130 + mark.ranges.length * 18 : 90
    const count = isChain ? 7 + mark.ranges.length * 2 : 4

    if (size > bytes || count > items || part.chains.length === MAX_SYNC_CHAINS || part.records.length === MAX_SYNC_CHAINS) {
      yield part
      part = { ...part, records: [], chains: [] }
      bytes = room.bytes
      items = room.items
    }

    bytes -= size
    items -= count

    if (isChain) {
      part.chains.push(mark)
    } else {
      part.records.push(mark)
    }
  }

  yield { ...part, last: true }
}
