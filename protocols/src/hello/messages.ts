/** What goes over the wire. Rules: specs/hello.md [HE3] to [HE9]. */
import { decodeCanonical, encode, readArray, readBytes, readOpenMap, readText } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { SIGNATURE_BYTES } from '../identity/index.ts'
import { deviceId, idBytes } from '../ids.ts'
import { TOKEN_ID_BYTES, TOKEN_MAC_BYTES } from '../invite/index.ts'
import { MAX_NAME_BYTES, MAX_RECORD_BYTES, MAX_RELAYS } from '../limits.ts'
import { readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { MAX_HELLO_BYTES, NONCE_BYTES } from './constants.ts'
import type { Fields } from '../codec/index.ts'
import type { DeviceId } from '../ids.ts'
import type { Card } from './index.ts'

/** Which device of which identity is there */
export interface DeviceProof {
  /** A signed identity record that lists the device */
  record: Uint8Array
  device: DeviceId
  signature: Uint8Array
}

export interface TokenMac {
  id: Uint8Array
  mac: Uint8Array
}

/** What the initiator has to show: at least one of the two */
export interface Proof {
  device?: DeviceProof
  token?: TokenMac
}

export type HelloMessage =
  | { type: 'hello', nonce: Uint8Array }
  | { type: 'nonce', nonce: Uint8Array }
  | { type: 'proof', proof: Proof }
  | { type: 'yes', device: DeviceProof, card?: Card }
  | { type: 'done', card?: Card }
  | { type: 'no' }

function deviceFields ({ record, device, signature }: DeviceProof): Fields {
  return { record, device: idBytes(device), signature }
}

function cardFields (card: Card | undefined): Fields {
  return card == null ? {} : { card: { relays: card.relays.map(relayInfoValue), ...(card.name == null ? {} : { name: card.name }) } }
}

function messageFields (message: HelloMessage): Fields {
  switch (message.type) {
    case 'hello':
    case 'nonce':
      return { nonce: message.nonce }
    case 'proof':
      return {
        ...(message.proof.device == null ? {} : { device: deviceFields(message.proof.device) }),
        ...(message.proof.token == null ? {} : { token: { id: message.proof.token.id, mac: message.proof.token.mac } })
      }
    case 'yes':
      return { device: deviceFields(message.device), ...cardFields(message.card) }
    case 'done':
      return cardFields(message.card)
    default:
      return {}
  }
}

/** @throws {MalformedError | LimitExceededError | MalformedIdError} if a card cannot be carried */
export function encodeMessage (message: HelloMessage): Uint8Array {
  const bytes = encode({ type: message.type, ...messageFields(message) })

  decodeMessage(bytes)

  return bytes
}

function readDeviceProof (value: unknown): DeviceProof {
  const { record, device, signature } = readOpenMap(value, 'A device proof')
  const recordBytes = readBytes(record, 'record')

  if (recordBytes.length > MAX_RECORD_BYTES) {
    throw new LimitExceededError(`An identity record is longer than ${MAX_RECORD_BYTES} bytes`)
  }

  return {
    record: recordBytes,
    device: deviceId(readBytes(device, 'device', 32)),
    signature: readBytes(signature, 'signature', SIGNATURE_BYTES)
  }
}

function readTokenMac (value: unknown): TokenMac {
  const { id, mac } = readOpenMap(value, 'A token proof')

  return { id: readBytes(id, 'id', TOKEN_ID_BYTES), mac: readBytes(mac, 'mac', TOKEN_MAC_BYTES) }
}

function readProof (fields: Fields): Proof {
  const proof: Proof = {
    ...(Object.hasOwn(fields, 'device') ? { device: readDeviceProof(fields.device) } : {}),
    ...(Object.hasOwn(fields, 'token') ? { token: readTokenMac(fields.token) } : {})
  }

  if (proof.device == null && proof.token == null) {
    throw new MalformedError('A proof must show a device or a token')
  }

  return proof
}

function readCard (fields: Fields): { card?: Card } {
  if (!Object.hasOwn(fields, 'card')) {
    return {}
  }

  const card = readOpenMap(fields.card, 'A card')

  return {
    card: {
      relays: readArray(card.relays, 'relays', MAX_RELAYS).map(readRelayInfo),
      ...(Object.hasOwn(card, 'name') ? { name: readText(card.name, 'name', MAX_NAME_BYTES) } : {})
    }
  }
}

/** @throws {MalformedError | LimitExceededError} if it is not what specs/hello.md says */
export function decodeMessage (bytes: Uint8Array): HelloMessage {
  const fields = readOpenMap(decodeCanonical(bytes, { maxBytes: MAX_HELLO_BYTES, maxDepth: 8, maxItems: 512 }), 'A hello message')

  switch (fields.type) {
    case 'hello':
    case 'nonce':
      return { type: fields.type, nonce: readBytes(fields.nonce, 'nonce', NONCE_BYTES) }
    case 'proof':
      return { type: 'proof', proof: readProof(fields) }
    case 'yes':
      return { type: 'yes', device: readDeviceProof(fields.device), ...readCard(fields) }
    case 'done':
      return { type: 'done', ...readCard(fields) }
    case 'no':
      return { type: 'no' }
    default:
      throw new MalformedError('A hello message of an unknown type')
  }
}
