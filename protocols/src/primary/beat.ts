/** What goes over the wire. Rules: specs/primary.md [PR1] to [PR3]. */
import { decodeCanonical, encode, readArray, readBoolean, readBytes, readMap, readOpenMap, readUint } from '../codec/index.ts'
import { InvalidSignatureError, MalformedError, UnknownVersionError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { SIGNATURE_BYTES, verify } from '../identity/index.ts'
import { deviceId, fromHex, idBytes, identityId, toHex } from '../ids.ts'
import { MAX_SEQ } from '../limits.ts'
import { BOOT_BYTES, MAX_BEAT_BYTES, MAX_HEARD } from './constants.ts'
import type { Signer } from '../identity/index.ts'
import type { DeviceId, IdentityId } from '../ids.ts'

const BEAT_DOMAIN = 'pergola/beat/1'
const FIELDS = ['v', 'identity', 'device', 'rec', 'boot', 'count', 'state', 'heard'] as const
const STATES = ['here', 'ready', 'acts', 'leaves'] as const

/** `here`: not to be counted on yet; `ready`: could be primary; `acts`: holds itself to be primary; `leaves`: this is its last beat */
export type DeviceState = typeof STATES[number]

/** The newest beat that was heard in one boot of another device */
export interface HeardBoot {
  device: DeviceId
  /** 16 bytes in hexadecimal */
  boot: string
  count: number
  /** Whether whoever heard it is connected to that device */
  linked: boolean
}

export interface Beat {
  identity: IdentityId
  device: DeviceId
  /** Sequence number of the newest record that the device has */
  rec: number
  /** 16 random bytes in hexadecimal, new each time the device starts */
  boot: string
  /** Beats before this one in the same boot */
  count: number
  state: DeviceState
  heard: HeardBoot[]
}

export interface SignedBeat {
  /** The bytes that were signed */
  body: Uint8Array
  signature: Uint8Array
  beat: Beat
}

function encodeBody (beat: Beat): Uint8Array {
  return encode({
    v: 1,
    identity: idBytes(beat.identity),
    device: idBytes(beat.device),
    rec: beat.rec,
    boot: fromHex(beat.boot),
    count: beat.count,
    state: beat.state,
    heard: beat.heard.map(({ device, boot, count, linked }) => [idBytes(device), fromHex(boot), count, linked])
  })
}

/** @returns the frame: a beat with its device's signature */
export async function signBeat (signer: Signer, beat: Beat): Promise<Uint8Array> {
  const body = encodeBody(beat)

  return encode([body, await signer.sign(withDomain(BEAT_DOMAIN, body))])
}

function readBoot (value: unknown): string {
  return toHex(readBytes(value, 'boot', BOOT_BYTES))
}

function readState (value: unknown): DeviceState {
  const state = STATES.find(known => known === value)

  if (state == null) {
    throw new MalformedError('A beat has a state that there is not')
  }

  return state
}

function readHeard (value: unknown): HeardBoot {
  const members = readArray(value, 'What a beat heard', 4)

  return {
    device: deviceId(readBytes(members[0], 'device', 32)),
    boot: readBoot(members[1]),
    count: readUint(members[2], 'count', MAX_SEQ),
    linked: readBoolean(members[3], 'linked')
  }
}

function readBeat (body: Uint8Array): Beat {
  const value = decodeCanonical(body, { maxBytes: MAX_BEAT_BYTES, maxDepth: 4, maxItems: 512 })

  if (readUint(readOpenMap(value, 'A beat').v, 'v') !== 1) {
    throw new UnknownVersionError('A beat of an unknown version')
  }

  const fields = readMap(value, 'A beat', FIELDS)
  const heard = readArray(fields.heard, 'heard', MAX_HEARD).map(readHeard)

  if (new Set(heard.map(({ device, boot }) => device + boot)).size !== heard.length) {
    throw new MalformedError('A beat names a boot twice')
  }

  return {
    identity: identityId(readBytes(fields.identity, 'identity', 32)),
    device: deviceId(readBytes(fields.device, 'device', 32)),
    rec: readUint(fields.rec, 'rec', MAX_SEQ),
    boot: readBoot(fields.boot),
    count: readUint(fields.count, 'count', MAX_SEQ),
    state: readState(fields.state),
    heard
  }
}

/**
 * Reads a frame; the signature is yet to be verified.
 *
 * @throws {MalformedError | LimitExceededError} if it is not what specs/primary.md says
 * @throws {UnknownVersionError} if it is of a later version: ignore it
 */
export function decodeBeat (bytes: Uint8Array): SignedBeat {
  const members = readArray(decodeCanonical(bytes, { maxBytes: MAX_BEAT_BYTES, maxDepth: 1, maxItems: 3 }), 'A signed beat', 2)
  const body = readBytes(members[0], 'beat')

  return { body, signature: readBytes(members[1], 'signature', SIGNATURE_BYTES), beat: readBeat(body) }
}

/** @throws {InvalidSignatureError} if its device did not sign it */
export async function verifyBeat ({ beat, body, signature }: SignedBeat): Promise<void> {
  if (!await verify(idBytes(beat.device), withDomain(BEAT_DOMAIN, body), signature)) {
    throw new InvalidSignatureError('A beat is not signed by its device')
  }
}
