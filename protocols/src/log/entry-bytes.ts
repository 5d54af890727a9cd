/**
 * The short way from bytes to entries and back: a header of version 1 has its fields at places that are known beforehand. Whatever looks
 * different is left to the long way in entry.ts, which accepts the same and names what is wrong.
 */
import { CborCursor, headLength, MISMATCH, writeHead } from '../codec/cursor.ts'
import { deviceId, entryId, identityId, spaceId } from '../ids.ts'
import { MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES, MAX_SEQ, MAX_TIME } from '../limits.ts'
import type { EntryHeader } from './entry.ts'

const SIGNATURE_BYTES = 64
const EPOCH_ID_BYTES = 16
const NULL = Uint8Array.of(0xf6)
/** Tag 42, byte string of 37 bytes, identity multibase, CID version 1; the codec and the sha2-256 head follow */
const LINK_HEAD = Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0x00, 0x01)
const DAG_CBOR_SHA_256 = Uint8Array.of(0x71, 0x12, 0x20)
const RAW_SHA_256 = Uint8Array.of(0x55, 0x12, 0x20)

/** A map key in CBOR */
function key (name: string): Uint8Array {
  return Uint8Array.of(0x60 | name.length, ...new TextEncoder().encode(name))
}

// in the canonical order: shorter names first, then by bytes
const [V, REC, SEQ, PREV, SIZE, TIME, EPOCH, SPACE, DEVICE, PAYLOAD, IDENTITY] =
  ['v', 'rec', 'seq', 'prev', 'size', 'time', 'epoch', 'space', 'device', 'payload', 'identity'].map(key)
const SEALED_MAP = Uint8Array.of(0xab)
const OPEN_MAP = Uint8Array.of(0xaa)

function uint (cursor: CborCursor, name: Uint8Array, max: number): number {
  const value = cursor.skip(name) ? cursor.head(0) : MISMATCH

  return value > max ? MISMATCH : value
}

function bytes32 (cursor: CborCursor, name: Uint8Array): Uint8Array | undefined {
  return cursor.skip(name) && cursor.head(2) === 32 ? cursor.take(32) : undefined
}

/** The header, or undefined if it has to go the long way */
export function readHeaderBytes (bytes: Uint8Array): EntryHeader | undefined {
  const cursor = new CborCursor(bytes)
  const sealed = bytes[0] === SEALED_MAP[0]

  if (bytes.length > MAX_HEADER_BYTES || !cursor.skip(sealed ? SEALED_MAP : OPEN_MAP) || uint(cursor, V, 1) !== 1) {
    return undefined
  }

  const rec = uint(cursor, REC, MAX_SEQ)
  const seq = uint(cursor, SEQ, MAX_SEQ)

  if (rec === MISMATCH || seq === MISMATCH || !cursor.skip(PREV) || (seq === 0) !== cursor.skip(NULL)) {
    return undefined
  }

  const prev = seq === 0 ? null : cursor.skip(LINK_HEAD) && cursor.skip(DAG_CBOR_SHA_256) ? cursor.take(32) : undefined
  const size = uint(cursor, SIZE, MAX_PAYLOAD_BYTES)
  const time = uint(cursor, TIME, MAX_TIME)
  const epoch = sealed && cursor.skip(EPOCH) && cursor.head(2) === EPOCH_ID_BYTES ? cursor.take(EPOCH_ID_BYTES) : undefined
  const space = bytes32(cursor, SPACE)
  const device = bytes32(cursor, DEVICE)
  const payload = cursor.skip(PAYLOAD) && cursor.skip(LINK_HEAD) && cursor.skip(sealed ? RAW_SHA_256 : DAG_CBOR_SHA_256) ? cursor.take(32) : undefined
  const identity = bytes32(cursor, IDENTITY)

  if (prev === undefined || size === MISMATCH || time === MISMATCH || sealed !== (epoch != null) || space == null || device == null ||
    payload == null || identity == null || !cursor.isAtEnd) {
    return undefined
  }

  return {
    v: 1,
    space: spaceId(space),
    identity: identityId(identity),
    rec,
    device: deviceId(device),
    seq,
    prev: prev == null ? null : entryId(prev),
    time,
    ...(epoch == null ? {} : { epoch }),
    payload,
    size
  }
}

/** The parts of a stored entry, or undefined if it has to go the long way */
export function readPartsBytes (stored: Uint8Array): { headerBytes: Uint8Array, signature: Uint8Array, payload?: Uint8Array } | undefined {
  const cursor = new CborCursor(stored)

  if (cursor.head(4) !== 3) {
    return undefined
  }

  const headerBytes = cursor.byteString()
  const signature = cursor.byteString()
  const dropped = cursor.skip(NULL)
  const payload = dropped ? undefined : cursor.byteString()

  if (headerBytes == null || signature?.length !== SIGNATURE_BYTES || (!dropped && payload == null) || !cursor.isAtEnd) {
    return undefined
  }

  return { headerBytes, signature, ...(payload == null ? {} : { payload }) }
}

/** Byte strings one after the other, each with its head; undefined stands for null */
export function writeByteStrings (head: Uint8Array, parts: Array<Uint8Array | undefined>): Uint8Array {
  const length = parts.reduce((sum, part) => sum + (part == null ? 1 : headLength(part.length) + part.length), head.length)
  const out = new Uint8Array(length)
  let at = head.length

  out.set(head)

  for (const part of parts) {
    if (part == null) {
      out[at++] = NULL[0]
    } else {
      at = writeHead(out, at, 2, part.length)
      out.set(part, at)
      at += part.length
    }
  }

  return out
}
