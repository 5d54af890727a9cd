/** Entry bytes, id and signature. Rules: specs/log.md [LG1] to [LG10]. */
import { decodeCanonical, encode, readArray, readBytes, readCid, readMap, readOpenMap, readUint, sameBytes } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { sha256, withDomain } from '../hash.ts'
import { SIGNATURE_BYTES, verify } from '../identity/index.ts'
import { deviceId, entryCid, entryId, entryIdFromCid, idBytes, identityId, payloadCid, spaceId } from '../ids.ts'
import { MAX_FRAME_BYTES, MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES, MAX_SEQ, MAX_TIME } from '../limits.ts'
import { readHeaderBytes, readPartsBytes, writeByteStrings } from './entry-bytes.ts'
import { UnknownVersionError } from './errors.ts'
import { spaceOfLater } from './later.ts'
import type { Signer } from '../identity/index.ts'
import type { DeviceId, EntryId, IdentityId, SpaceId } from '../ids.ts'

const ENTRY_DOMAIN = 'pergola/entry/1'
export const EPOCH_ID_BYTES = 16
/** Head of an array of three */
const THREE = Uint8Array.of(0x83)
const REQUIRED = ['v', 'space', 'identity', 'rec', 'device', 'seq', 'prev', 'time', 'payload', 'size'] as const
const OPTIONAL = ['epoch'] as const

export interface EntryHeader {
  v: 1
  space: SpaceId
  identity: IdentityId
  /** Sequence number of the identity record this entry relies on */
  rec: number
  device: DeviceId
  /** From 0, without gaps */
  seq: number
  /** The entry before in the same chain; null exactly in the first */
  prev: EntryId | null
  time: number
  /** 16 bytes that commit to the epoch key; only where the payload is sealed */
  epoch?: Uint8Array
  /** SHA-256 digest of the payload block */
  payload: Uint8Array
  /** Length of the payload block in bytes */
  size: number
}

/** What of a header is known before its payload */
export type OpenHeader = Omit<EntryHeader, 'payload' | 'size'>

/** The same of an entry whose payload is sealed: what the sealed bytes are bound to */
export type SealedHeader = Omit<OpenHeader, 'epoch'> & { epoch: Uint8Array }

/** An entry whose header was read; whether its signature holds is another matter (`verifyEntry`) */
export interface Entry {
  id: EntryId
  header: EntryHeader
  /** The canonical bytes that were hashed and signed */
  headerBytes: Uint8Array
  signature: Uint8Array
  /** The payload block; absent once it was deleted, or where it did not travel along */
  payload?: Uint8Array
}

/** Which chain an entry belongs to */
export interface ChainKey {
  space: SpaceId
  identity: IdentityId
  device: DeviceId
}

function fieldsOf (header: OpenHeader): Record<string, unknown> {
  return {
    v: header.v,
    space: idBytes(header.space),
    identity: idBytes(header.identity),
    rec: header.rec,
    device: idBytes(header.device),
    seq: header.seq,
    prev: header.prev == null ? null : entryCid(header.prev),
    time: header.time,
    ...(header.epoch == null ? {} : { epoch: header.epoch })
  }
}

/** What a sealed payload is bound to: the header without `payload` and `size`. Rule: specs/space.md [SP6] */
export function encodeSealedHeader (header: SealedHeader): Uint8Array {
  return encode(fieldsOf(header))
}

function encodeHeader (header: EntryHeader): Uint8Array {
  return encode({ ...fieldsOf(header), payload: payloadCid(header.payload, header.epoch != null), size: header.size })
}

/**
 * @throws {MalformedError | LimitExceededError | MalformedIdError} if it is no header
 * @throws {UnknownVersionError} if it is one of a later version
 */
export function readHeader (bytes: Uint8Array): EntryHeader {
  return readHeaderBytes(bytes) ?? readAnyHeader(bytes)
}

function readAnyHeader (bytes: Uint8Array): EntryHeader {
  const value = decodeCanonical(bytes, { maxBytes: MAX_HEADER_BYTES, maxDepth: 2, maxItems: 32 })

  if (readUint(readOpenMap(value, 'An entry header').v, 'v') !== 1) {
    throw new UnknownVersionError('An entry of an unknown version')
  }

  const fields = readMap(value, 'An entry header', REQUIRED, OPTIONAL)

  const seq = readUint(fields.seq, 'seq', MAX_SEQ)
  const prev = fields.prev === null ? null : entryIdFromCid(readCid(fields.prev, 'prev'))
  const epoch = Object.hasOwn(fields, 'epoch') ? readBytes(fields.epoch, 'epoch', EPOCH_ID_BYTES) : undefined
  const payload = readCid(fields.payload, 'payload')
  const space = spaceId(readBytes(fields.space, 'space', 32))
  const identity = identityId(readBytes(fields.identity, 'identity', 32))

  if ((seq === 0) !== (prev === null)) {
    throw new MalformedError('Exactly the first entry of a chain has no predecessor')
  }

  if (payload.multihash.digest.length !== 32 || !payload.equals(payloadCid(payload.multihash.digest, epoch != null))) {
    throw new MalformedError('The payload link is of the wrong kind')
  }

  return {
    v: 1,
    space,
    identity,
    rec: readUint(fields.rec, 'rec', MAX_SEQ),
    device: deviceId(readBytes(fields.device, 'device', 32)),
    seq,
    prev,
    time: readUint(fields.time, 'time', MAX_TIME),
    ...(epoch == null ? {} : { epoch }),
    payload: payload.multihash.digest,
    size: readUint(fields.size, 'size', MAX_PAYLOAD_BYTES)
  }
}

/**
 * Reads an entry from its parts and checks all that needs no key: canonical header, lengths, that the payload is the one named.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError}
 */
export function readEntry (headerBytes: Uint8Array, signature: Uint8Array, payload?: Uint8Array): Entry {
  const header = readHeader(headerBytes)

  readBytes(signature, 'signature', SIGNATURE_BYTES)

  if (payload != null && (payload.length !== header.size || !sameBytes(sha256(payload), header.payload))) {
    throw new MalformedError('The payload is not the one that the entry names')
  }

  return { id: entryId(sha256(headerBytes)), header, headerBytes, signature, ...(payload == null ? {} : { payload }) }
}

/** The stored and travelling form: `[header bytes, signature, payload bytes | null]` */
export function encodeEntry (entry: Pick<Entry, 'headerBytes' | 'signature' | 'payload'>, withPayload: boolean = true): Uint8Array {
  return writeByteStrings(THREE, [entry.headerBytes, entry.signature, withPayload ? entry.payload : undefined])
}

/** The id of what `encodeEntry` made, without reading the header */
export function idOfStored (stored: Uint8Array): EntryId {
  return entryId(sha256(readParts(stored).headerBytes))
}

/** Takes the stored form apart without reading the header */
export function readParts (stored: Uint8Array): Pick<Entry, 'headerBytes' | 'signature' | 'payload'> {
  if (stored.length <= MAX_FRAME_BYTES) {
    const parts = readPartsBytes(stored)

    if (parts != null) {
      return parts
    }
  }

  const parts = readArray(decodeCanonical(stored, { maxBytes: MAX_FRAME_BYTES, maxDepth: 1, maxItems: 4 }), 'An entry', 3)

  return {
    headerBytes: readBytes(parts[0], 'header'),
    signature: readBytes(parts[1], 'signature', SIGNATURE_BYTES),
    ...(parts[2] === null ? {} : { payload: readBytes(parts[2], 'payload') })
  }
}

/**
 * @throws {MalformedError | LimitExceededError | MalformedIdError} if it is no entry
 * @throws {UnknownVersionError} if it is one of a later version, whose form may be another
 */
export function decodeEntry (bytes: Uint8Array): Entry {
  try {
    const { headerBytes, signature, payload } = readParts(bytes)

    return readEntry(headerBytes, signature, payload)
  } catch (err) {
    throw spaceOfLater(bytes) == null ? err : new UnknownVersionError('An entry of an unknown version', { cause: err })
  }
}

/** Makes and signs an entry */
export async function signEntry (signer: Signer, header: Omit<OpenHeader, 'v' | 'device'>, payload: Uint8Array): Promise<Entry> {
  const headerBytes = encodeHeader({ ...header, v: 1, device: deviceId(signer.publicKey), payload: sha256(payload), size: payload.length })

  return readEntry(headerBytes, await signer.sign(withDomain(ENTRY_DOMAIN, headerBytes)), payload)
}

/** Signatures that were found good, by the bytes that were signed */
const verified = new WeakMap<Uint8Array, { device: DeviceId, signature: Uint8Array }>()

/**
 * Whether the device named in the header signed it. Asked again about what it found good, as by who judges an entry before the log does, it
 * does not compute again; so the header's bytes must not be changed in place.
 */
export async function verifyEntry ({ header: { device }, headerBytes, signature }: Pick<Entry, 'header' | 'headerBytes' | 'signature'>): Promise<boolean> {
  const known = verified.get(headerBytes)

  if (known?.device === device && sameBytes(known.signature, signature)) {
    return true
  }

  const checked = signature.slice()
  const isGood = await verify(idBytes(device), withDomain(ENTRY_DOMAIN, headerBytes), checked)

  if (isGood) {
    verified.set(headerBytes, { device, signature: checked })
  }

  return isGood
}
