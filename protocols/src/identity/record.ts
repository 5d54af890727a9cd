/** The identity record: the only authority on which devices may write. Rules: specs/identity.md [ID20] to [ID35]. */
import { decodeCanonical, encode, readArray, readBytes, readCid, readMap, readOpenMap, readUint } from '../codec/index.ts'
import { InvalidSignatureError, MalformedError, UnknownVersionError } from '../errors.ts'
import { sha256, withDomain } from '../hash.ts'
import { deviceId, entryCid, entryIdFromCid, fromHex, idBytes, identityId, toHex } from '../ids.ts'
import { MAX_CLOSED_DEVICES, MAX_DEVICES, MAX_RECORD_BYTES, MAX_SEQ, MAX_TIME } from '../limits.ts'
import { encodeIpns, ipnsMessage } from './ipns.ts'
import { SIGNATURE_BYTES, verify } from './verify.ts'
import type { DeviceId, EntryId, IdentityId } from '../ids.ts'
import type { Signer } from './keys.ts'
import type { Root } from './root.ts'

const RECORD_DOMAIN = 'pergola/record/1'
const PROOF_DOMAIN = 'pergola/device-proof/1'
const FIELDS = ['v', 'identity', 'seq', 'prev', 'devices', 'closed', 'reading', 'recovery', 'publish', 'time'] as const

/** `client`: a phone, tablet, laptop. `home`: a node that is always on */
export type DeviceRole = 'client' | 'home'

export interface DeviceEntry {
  device: DeviceId
  /** Raw X25519 public key: what is sealed to this device alone */
  x25519: Uint8Array
  role: DeviceRole
  /** Sequence number of the first record that lists it */
  from: number
  /** The device's signature over identity, device, x25519 and from */
  proof: Uint8Array
}

export interface ClosedDevice {
  device: DeviceId
  /** Last entry of the device's chain in the public wall that counts; null: none does */
  cut: EntryId | null
}

export interface IdentityRecord {
  v: 1
  identity: IdentityId
  seq: number
  /** SHA-256 of the signed bytes of the record before; null in the first */
  prev: Uint8Array | null
  devices: DeviceEntry[]
  closed: ClosedDevice[]
  /** Raw X25519 public key that own devices share */
  reading: Uint8Array
  /** Raw X25519 public key derived from the phrase */
  recovery: Uint8Array
  /** Raw Ed25519 public key of the IPNS name */
  publish: Uint8Array
  time: number
}

/** A record whose signature and proofs were verified, with the bytes that travel */
export interface SignedRecord {
  record: IdentityRecord
  /** `[record bytes, signature, IPNS signature]` in DAG-CBOR */
  bytes: Uint8Array
  /** SHA-256 of the record bytes */
  hash: Uint8Array
  /** IPNS record of the identity's key that leads to `publish`; any IPNS implementation takes it */
  ipns: Uint8Array
}

function proofMessage (identity: IdentityId, device: DeviceId, x25519: Uint8Array, from: number): Uint8Array {
  return withDomain(PROOF_DOMAIN, encode([idBytes(identity), idBytes(device), x25519, from]))
}

/** A device agrees to be listed: nobody can list somebody else's */
export async function proveDevice (signer: Signer, device: { identity: IdentityId, x25519: Uint8Array, role: DeviceRole, from: number }): Promise<DeviceEntry> {
  const id = deviceId(signer.publicKey)

  return {
    device: id,
    x25519: device.x25519,
    role: device.role,
    from: device.from,
    proof: await signer.sign(proofMessage(device.identity, id, device.x25519, device.from))
  }
}

function encodeRecord (record: IdentityRecord): Uint8Array {
  return encode({
    v: record.v,
    identity: idBytes(record.identity),
    seq: record.seq,
    prev: record.prev,
    devices: record.devices.map(entry => ({
      device: idBytes(entry.device),
      x25519: entry.x25519,
      role: entry.role,
      from: entry.from,
      proof: entry.proof
    })),
    closed: record.closed.map(({ device, cut }) => ({ device: idBytes(device), cut: cut == null ? null : entryCid(cut) })),
    reading: record.reading,
    recovery: record.recovery,
    publish: record.publish,
    time: record.time
  })
}

/** Signs what comes after `previous`, or the first record of an identity */
export async function signRecord (root: Root, content: Pick<IdentityRecord, 'devices' | 'closed' | 'reading' | 'publish' | 'time'>, previous?: SignedRecord): Promise<SignedRecord> {
  const record: IdentityRecord = {
    v: 1,
    identity: root.identity,
    seq: previous == null ? 0 : previous.record.seq + 1,
    prev: previous?.hash ?? null,
    recovery: root.recovery.publicKey,
    ...content
  }
  const body = encodeRecord(record)

  return decodeRecord(encode([
    body,
    await root.signer.sign(withDomain(RECORD_DOMAIN, body)),
    await root.signer.sign(ipnsMessage(record))
  ]))
}

function readRole (value: unknown): DeviceRole {
  if (value !== 'client' && value !== 'home') {
    throw new MalformedError('The role of a device must be client or home')
  }

  return value
}

function readDevice (value: unknown): DeviceEntry {
  const fields = readMap(value, 'A device', ['device', 'x25519', 'role', 'from', 'proof'])

  return {
    device: deviceId(readBytes(fields.device, 'device', 32)),
    x25519: readBytes(fields.x25519, 'x25519', 32),
    role: readRole(fields.role),
    from: readUint(fields.from, 'from', MAX_SEQ),
    proof: readBytes(fields.proof, 'proof', SIGNATURE_BYTES)
  }
}

function readClosed (value: unknown): ClosedDevice {
  const fields = readMap(value, 'A closed device', ['device', 'cut'])

  return {
    device: deviceId(readBytes(fields.device, 'device', 32)),
    cut: fields.cut === null ? null : entryIdFromCid(readCid(fields.cut, 'cut'))
  }
}

function readRecord (bytes: Uint8Array): IdentityRecord {
  const value = decodeCanonical(bytes, { maxBytes: MAX_RECORD_BYTES })

  if (readUint(readOpenMap(value, 'An identity record').v, 'v') !== 1) {
    throw new UnknownVersionError('An identity record of an unknown version')
  }

  const fields = readMap(value, 'An identity record', FIELDS)

  const seq = readUint(fields.seq, 'seq', MAX_SEQ)
  const prev = fields.prev === null ? null : readBytes(fields.prev, 'prev', 32)
  const devices = readArray(fields.devices, 'devices', MAX_DEVICES).map(readDevice)
  const closed = readArray(fields.closed, 'closed', MAX_CLOSED_DEVICES).map(readClosed)
  const ids = [...devices, ...closed].map(({ device }) => device)

  if (new Set(ids).size !== ids.length) {
    throw new MalformedError('An identity record names a device twice')
  }

  if ((seq === 0) !== (prev === null) || devices.some(({ from }) => from > seq)) {
    throw new MalformedError('The numbers of an identity record do not fit together')
  }

  return {
    v: 1,
    identity: identityId(readBytes(fields.identity, 'identity', 32)),
    seq,
    prev,
    devices,
    closed,
    reading: readBytes(fields.reading, 'reading', 32),
    recovery: readBytes(fields.recovery, 'recovery', 32),
    publish: readBytes(fields.publish, 'publish', 32),
    time: readUint(fields.time, 'time', MAX_TIME)
  }
}

/**
 * Reads and verifies a signed record.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError} if it is not what specs/identity.md says
 * @throws {UnknownVersionError} if it is of a later version: ignore it
 * @throws {InvalidSignatureError} if the root did not sign it, or a device did not agree to be listed
 */
export async function decodeRecord (bytes: Uint8Array): Promise<SignedRecord> {
  const [body, signature, ipns] = readArray(decodeCanonical(bytes, { maxBytes: MAX_RECORD_BYTES }), 'A signed record', 3)
  const recordBytes = readBytes(body, 'record')
  const record = readRecord(recordBytes)
  const root = fromHex(record.identity)

  if (!await verify(root, withDomain(RECORD_DOMAIN, recordBytes), readBytes(signature, 'signature', SIGNATURE_BYTES))) {
    throw new InvalidSignatureError('The identity record is not signed by its root')
  }

  const ipnsSignature = readBytes(ipns, 'IPNS signature', SIGNATURE_BYTES)

  if (!await verify(root, ipnsMessage(record), ipnsSignature)) {
    throw new InvalidSignatureError('The IPNS record of the identity is not signed by its root')
  }

  for (const { device, x25519, from, proof } of record.devices) {
    if (!await verify(idBytes(device), proofMessage(record.identity, device, x25519, from), proof)) {
      throw new InvalidSignatureError('The identity record lists a device that did not agree')
    }
  }

  return { record, bytes, hash: sha256(recordBytes), ipns: encodeIpns(record, ipnsSignature) }
}

/** Which of two records of one identity stands: the higher seq, at the same seq the lower hash */
export function compareRecords (a: SignedRecord, b: SignedRecord): number {
  if (a.record.seq !== b.record.seq) {
    return a.record.seq - b.record.seq
  }

  const [left, right] = [toHex(a.hash), toHex(b.hash)]

  return left === right ? 0 : left < right ? 1 : -1
}

/** What a record says of a device */
export function deviceStatus (record: IdentityRecord, device: DeviceId): { status: 'open', entry: DeviceEntry } | { status: 'closed', cut: EntryId | null } | { status: 'unknown' } {
  const entry = record.devices.find(candidate => candidate.device === device)

  if (entry != null) {
    return { status: 'open', entry }
  }

  const closed = record.closed.find(candidate => candidate.device === device)

  return closed == null ? { status: 'unknown' } : { status: 'closed', cut: closed.cut }
}
