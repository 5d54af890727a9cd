/** The header that holds the slots. Rules: specs/storage.md [ST80], [ST88] */
import { decodeCanonical, encode, readArray, readBytes, readMap, sameBytes } from '../../codec/index.ts'
import { sha256 } from '../../hash.ts'
import { NoKeySlotsError, SchemaNewerError, StoreDamagedError } from '../errors.ts'
import { readKdfCost, SALT_BYTES } from '../passphrase.ts'
import { SLOT_BYTES, SLOT_COUNT } from './constants.ts'
import type { Store, StoreOp } from '../../interface.ts'
import type { KdfCost } from '../passphrase.ts'

export interface KeyHeader {
  /** Of deriving keys from passphrases */
  cost: KdfCost
  salt: Uint8Array
  /** SLOT_COUNT of SLOT_BYTES each, used or not */
  slots: Uint8Array[]
}

const MAGIC = 'sealed'
const HEADER_VERSION = 1
const CHECK_BYTES = 16
const MAX_HEADER_BYTES = 4_096
/** Two copies: without one of them, nothing else can be read */
export const HEADER_NAMES = [Uint8Array.of(0), Uint8Array.of(1)]

export function encodeKeyHeader ({ cost, salt, slots }: KeyHeader): Uint8Array {
  const body = encode({ cost, salt, slots })

  return encode([MAGIC, HEADER_VERSION, body, sha256(body).subarray(0, CHECK_BYTES)])
}

/** @throws {SchemaNewerError} if a later version wrote it; any other error: it is damaged */
function decodeKeyHeader (bytes: Uint8Array): KeyHeader {
  const [magic, version, ...rest] = readArray(decodeCanonical(bytes, { maxBytes: MAX_HEADER_BYTES }), 'A header', 16)

  if (magic === MAGIC && typeof version === 'number' && version > HEADER_VERSION) {
    throw new SchemaNewerError('This data was locked by a newer version: update this one first')
  }

  const body = readBytes(rest[0], 'body')
  const check = readBytes(rest[1], 'check', CHECK_BYTES)

  if (magic !== MAGIC || version !== HEADER_VERSION || !sameBytes(sha256(body).subarray(0, CHECK_BYTES), check)) {
    throw new StoreDamagedError('A header that was changed')
  }

  const fields = readMap(decodeCanonical(body, { maxBytes: MAX_HEADER_BYTES }), 'A header', ['cost', 'salt', 'slots'])
  const slots = readArray(fields.slots, 'slots', SLOT_COUNT).map(slot => readBytes(slot, 'slot', SLOT_BYTES))

  if (slots.length !== SLOT_COUNT) {
    throw new StoreDamagedError('A header without all of its slots')
  }

  return { cost: readKdfCost(fields.cost), salt: readBytes(fields.salt, 'salt', SALT_BYTES), slots }
}

/** Both copies, to be written in one strict batch */
export function keyHeaderOps (header: KeyHeader): StoreOp[] {
  const value = encodeKeyHeader(header)

  return HEADER_NAMES.map(key => ({ type: 'put', key, value }))
}

/** What an erasure writes over both copies */
export function overwriteHeaderOps (noise: (length: number) => Uint8Array): StoreOp[] {
  return HEADER_NAMES.map(key => ({ type: 'put', key, value: noise(MAX_HEADER_BYTES) }))
}

export function deleteHeaderOps (): StoreOp[] {
  return HEADER_NAMES.map(key => ({ type: 'delete', key }))
}

export async function hasKeyHeader (store: Store): Promise<boolean> {
  const copies = await store.getMany(HEADER_NAMES)

  return copies.some(copy => copy != null)
}

/**
 * @throws {NoKeySlotsError} if there is none
 * @throws {SchemaNewerError} if a later version wrote it
 * @throws {StoreDamagedError} if both copies are damaged
 */
export async function readKeyHeader (store: Store): Promise<KeyHeader> {
  const copies = (await store.getMany(HEADER_NAMES)).filter(copy => copy != null)

  if (copies.length === 0) {
    throw new NoKeySlotsError('There is nothing to unlock here: it was never locked, or everything was erased')
  }

  const troubles: unknown[] = []

  for (const copy of copies) {
    try {
      return decodeKeyHeader(copy)
    } catch (err) {
      troubles.push(err)
    }
  }

  throw troubles.find(err => err instanceof SchemaNewerError) ??
    new StoreDamagedError('What unlocks this data is damaged: restore a backup', { cause: new AggregateError(troubles) })
}
