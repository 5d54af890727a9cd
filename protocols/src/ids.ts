/**
 * Branded identifiers. In memory every id is the lower-case hexadecimal text of its raw bytes, so that it can be a map key and
 * compares in byte order; on the wire and on disk it is the raw bytes; what a person sees is made by `identityToText`.
 */
import { base36 } from 'multiformats/bases/base36'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { MalformedIdError } from './errors.ts'

declare const brand: unique symbol

type Branded<Name extends string> = string & { readonly [brand]: Name }

/** An Ed25519 root public key, 32 bytes */
export type IdentityId = Branded<'IdentityId'>

/** An Ed25519 device signing key, 32 bytes */
export type DeviceId = Branded<'DeviceId'>

/** 32 bytes: the identity key of a public wall, or random bytes of any other space */
export type SpaceId = Branded<'SpaceId'>

/** SHA-256 digest of an entry's header bytes; `entryCid` makes the CID that is used in links */
export type EntryId = Branded<'EntryId'>

export const KEY_BYTES = 32

const SHA_256 = 0x12
const DAG_CBOR = 0x71
const RAW = 0x55
const LIBP2P_KEY = 0x72
const IDENTITY_HASH = 0x00

/** Protobuf head of a libp2p public key: type Ed25519, 32 bytes of data */
const ED25519_KEY_HEAD = Uint8Array.of(0x08, 0x01, 0x12, 0x20)

/** Of the base36 libp2p-key name of every Ed25519 key */
const IDENTITY_TEXT_CHARACTERS = 62

/** Two digits for each byte: ids are made by the ten thousand */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex (bytes: Uint8Array): string {
  let hex = ''

  for (let i = 0; i < bytes.length; i++) {
    hex += HEX[bytes[i]]
  }

  return hex
}

const LOWER_CASE_HEX = /^(?:[0-9a-f]{2})*$/

/** @throws {MalformedIdError} unless these are pairs of lower-case digits */
export function fromHex (hex: string): Uint8Array {
  if (!LOWER_CASE_HEX.test(hex)) {
    throw new MalformedIdError('An id in hexadecimal must be pairs of digits, in lower case')
  }

  const bytes = new Uint8Array(hex.length / 2)

  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = digit(hex.charCodeAt(2 * i)) << 4 | digit(hex.charCodeAt(2 * i + 1))
  }

  return bytes
}

function digit (code: number): number {
  return code < 0x61 ? code - 0x30 : code - 0x57
}

function key32 (bytes: Uint8Array, what: string): string {
  if (!(bytes instanceof Uint8Array) || bytes.length !== KEY_BYTES) {
    throw new MalformedIdError(`${what} must be ${KEY_BYTES} bytes`)
  }

  return toHex(bytes)
}

/** @throws {MalformedIdError} unless there are 32 bytes */
export function identityId (bytes: Uint8Array): IdentityId {
  return key32(bytes, 'An identity') as IdentityId
}

/** @throws {MalformedIdError} unless there are 32 bytes */
export function deviceId (bytes: Uint8Array): DeviceId {
  return key32(bytes, 'A device') as DeviceId
}

/** @throws {MalformedIdError} unless there are 32 bytes */
export function spaceId (bytes: Uint8Array): SpaceId {
  return key32(bytes, 'A space') as SpaceId
}

/** @throws {MalformedIdError} unless there are 32 bytes */
export function entryId (digest: Uint8Array): EntryId {
  return key32(digest, 'An entry id') as EntryId
}

/** The space that is the public wall of an identity */
export function publicWall (identity: IdentityId): SpaceId {
  return identity as string as SpaceId
}

/** The identity whose public wall a space would be, if it is a public wall at all */
export function wallOwner (space: SpaceId): IdentityId {
  return space as string as IdentityId
}

/** The raw bytes of any id */
export function idBytes (id: IdentityId | DeviceId | SpaceId | EntryId): Uint8Array {
  return fromHex(id)
}

/** The CID of an entry: version 1, dag-cbor, sha2-256 */
export function entryCid (id: EntryId): CID {
  return CID.createV1(DAG_CBOR, Digest.create(SHA_256, fromHex(id)))
}

/** @throws {MalformedIdError} unless the CID is version 1, dag-cbor, sha2-256 */
export function entryIdFromCid (cid: CID): EntryId {
  if (cid.version !== 1 || cid.code !== DAG_CBOR || cid.multihash.code !== SHA_256) {
    throw new MalformedIdError('An entry link must be a version 1 dag-cbor sha2-256 CID')
  }

  return entryId(cid.multihash.digest)
}

/** The CID of a payload: version 1, sha2-256; dag-cbor when public, raw when sealed */
export function payloadCid (digest: Uint8Array, sealed: boolean): CID {
  return CID.createV1(sealed ? RAW : DAG_CBOR, Digest.create(SHA_256, digest))
}

/** The text of an identity: its base36 libp2p-key name, `k51…` */
export function identityToText (identity: IdentityId): string {
  const key = new Uint8Array(ED25519_KEY_HEAD.length + KEY_BYTES)
  key.set(ED25519_KEY_HEAD)
  key.set(fromHex(identity), ED25519_KEY_HEAD.length)

  return CID.createV1(LIBP2P_KEY, Digest.create(IDENTITY_HASH, key)).toString(base36)
}

/**
 * Reads an identity that a person typed or that came in a link.
 *
 * @throws {MalformedIdError} if it is not the base36 name of an Ed25519 key
 */
export function identityFromText (text: string): IdentityId {
  const name = text.trim().toLowerCase()
  let cid: CID

  try {
    // too long a text stays too long, and decoding takes time that grows with the square of the length
    cid = CID.parse(name.slice(0, IDENTITY_TEXT_CHARACTERS + 1), base36)
  } catch {
    throw new MalformedIdError('This is not the id of a person: it should begin with k51')
  }

  const { code, digest } = cid.multihash

  if (cid.code !== LIBP2P_KEY || code !== IDENTITY_HASH || digest.length !== ED25519_KEY_HEAD.length + KEY_BYTES ||
    ED25519_KEY_HEAD.some((byte, i) => digest[i] !== byte)) {
    throw new MalformedIdError('This id does not name a person')
  }

  return identityId(digest.subarray(ED25519_KEY_HEAD.length))
}
