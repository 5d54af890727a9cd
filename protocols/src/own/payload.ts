/** Payload bytes of the own space, in both directions, before they are sealed. Rules: specs/own.md [OW20] to [OW23]. */
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode, readArray, readBytes, readCid, readOpenMap, readText, readUint } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { deviceId, entryCid, entryIdFromCid, idBytes } from '../ids.ts'
import { MAX_PAYLOAD_BYTES, MAX_SEQ } from '../limits.ts'
import { EPOCH_KEY_BYTES } from '../space/index.ts'
import { MAX_AFTER } from '../wall/index.ts'
import { MAX_PAST_KEYS, MAX_REGISTER_NAME_BYTES, MAX_VALUE_BYTES, PAD_BYTES } from './constants.ts'
import type { DeviceId, EntryId } from '../ids.ts'

/** A place in a chain, with the id of the entry that stands there */
export interface Place {
  seq: number
  id: EntryId
}

const MAX_KIND_BYTES = 64

export type OwnPayload =
  /** Replaces what the register held; null: it has no value any more */
  | { kind: 'set', name: string, value: Uint8Array | null, after: EntryId[] }
  /** What counts of a device once it is closed; null: nothing */
  | { kind: 'cut', device: DeviceId, last: Place | null, after: EntryId[] }
  /** Keys of other epochs */
  | { kind: 'past', keys: Uint8Array[] }
  /** A kind of a later version */
  | { kind: 'unknown', name: string }

type Fields = Record<string, unknown>

function readAfter (value: unknown): EntryId[] {
  return readArray(value, 'after', MAX_AFTER).map(link => entryIdFromCid(readCid(link, 'after')))
}

function readName (value: unknown): string {
  const name = readText(value, 'name', MAX_REGISTER_NAME_BYTES)

  if (name === '') {
    throw new MalformedError('name must not be empty')
  }

  return name
}

function readValue (value: unknown): Uint8Array | null {
  if (value === null) {
    return null
  }

  const bytes = readBytes(value, 'value')

  if (bytes.length > MAX_VALUE_BYTES) {
    throw new LimitExceededError(`This has ${bytes.length} bytes, which is more than the ${MAX_VALUE_BYTES} that fit: make it shorter`)
  }

  return bytes.slice()
}

function readLast (value: unknown): Place | null {
  if (value === null) {
    return null
  }

  const fields = readOpenMap(value, 'last')

  return { seq: readUint(fields.seq, 'seq', MAX_SEQ), id: entryIdFromCid(readCid(fields.id, 'id')) }
}

function readKeys (value: unknown): Uint8Array[] {
  const bytes = readBytes(value, 'keys')

  if (bytes.length > MAX_PAST_KEYS * EPOCH_KEY_BYTES) {
    throw new LimitExceededError(`A payload tells at most ${MAX_PAST_KEYS} keys`)
  }

  if (bytes.length % EPOCH_KEY_BYTES !== 0) {
    throw new MalformedError(`keys must be keys of ${EPOCH_KEY_BYTES} bytes each`)
  }

  return Array.from({ length: bytes.length / EPOCH_KEY_BYTES }, (_, i) => bytes.slice(i * EPOCH_KEY_BYTES, (i + 1) * EPOCH_KEY_BYTES))
}

/**
 * Reads a payload that was opened.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError} if it is not what specs/own.md says
 */
export function decodeOwnPayload (bytes: Uint8Array): OwnPayload {
  const fields = readOpenMap(decodeCanonical(bytes, { maxBytes: MAX_PAYLOAD_BYTES }), 'A payload')
  const kind = readText(fields.kind, 'kind', MAX_KIND_BYTES)

  switch (kind) {
    case 'set':
      return { kind, name: readName(fields.name), value: readValue(fields.value), after: readAfter(fields.after) }
    case 'cut':
      return { kind, device: deviceId(readBytes(fields.device, 'device', 32)), last: readLast(fields.last), after: readAfter(fields.after) }
    case 'past':
      return { kind, keys: readKeys(fields.keys) }
    default:
      return { kind: 'unknown', name: kind }
  }
}

function fieldsOf (payload: OwnPayload): Fields {
  switch (payload.kind) {
    case 'set':
      return { name: payload.name, value: payload.value, after: payload.after.map(entryCid) }
    case 'cut':
      return {
        device: idBytes(payload.device),
        last: payload.last == null ? null : { seq: payload.last.seq, id: entryCid(payload.last.id) },
        after: payload.after.map(entryCid)
      }
    case 'past':
      return { keys: concat(payload.keys) }
    default:
      throw new MalformedError(`A payload of the unknown kind "${payload.name}" cannot be made here`)
  }
}

/** How many zero bytes make a payload, which has so many bytes with an empty `pad`, a multiple of PAD_BYTES */
function padOf (bare: number): number {
  for (let target = Math.ceil(bare / PAD_BYTES) * PAD_BYTES; ; target += PAD_BYTES) {
    // a longer byte string has a longer head: no count gives certain lengths
    for (const [head, from, to] of [[0, 0, 23], [1, 24, 255], [2, 256, 65_535]]) {
      const count = target - bare - head

      if (count >= from && count <= to) {
        return count
      }
    }
  }
}

/**
 * The canonical bytes of a payload, padded.
 *
 * @throws {MalformedError | LimitExceededError} if it goes over a limit or could not be read again
 */
export function encodeOwnPayload (payload: OwnPayload): Uint8Array {
  const fields = { kind: payload.kind, ...fieldsOf(payload) }
  const bare = encode({ ...fields, pad: new Uint8Array() })

  decodeOwnPayload(bare)

  return encode({ ...fields, pad: new Uint8Array(padOf(bare.length)) })
}
