/** What travels while a device is paired. Rules: specs/pairing.md [PA1] to [PA16]. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { decodeCanonical, encode, readArray, readBytes, readMap, readText, readUint } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { deviceId, idBytes } from '../ids.ts'
import { MAX_RELAYS, MAX_SEQ } from '../limits.ts'
import { readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { MAX_DEVICE_NAME_BYTES, MAX_PAIRED_PEERS, MAX_PAIRED_READING_KEYS, MAX_PAIRING_FRAME_BYTES, PAIRING_NONCE_BYTES } from './constants.ts'
import type { DeviceEntry } from '../identity/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'

const MAC_DOMAIN = 'pergola/pair/1'
const MAC_BYTES = 32
const MAX_PEER_TEXT = 128
const SECRET_BYTES = 32

/** New device → listing device: it is bound to what it will say of itself */
export interface Greeting {
  commitment: Uint8Array
}

/** Listing device → new device: the identity record as it is */
export interface Offer {
  nonce: Uint8Array
  record: Uint8Array
}

/** New device → listing device: it agrees to be listed in the next record */
export interface Agreement {
  nonce: Uint8Array
  entry: DeviceEntry
  name: string
}

/** Listing device → new device: the record that lists it, and where one's own devices and relays are */
export interface Welcome {
  record: Uint8Array
  peers: string[]
  relays: RelayInfo[]
  /** Private halves of the `reading` keys, the one in use first */
  reading: Uint8Array[]
  /** Seed of the space that own devices share */
  own: Uint8Array
}

/** Binds a message to the two connected peers, both nonces, and everything said before */
export interface Transcript {
  secret: Uint8Array
  listingPeer: string
  newPeer: string
  said: Uint8Array[]
}

function macOf (transcript: Transcript, step: number, body: Uint8Array): Uint8Array {
  return hmac(sha256, transcript.secret, withDomain(MAC_DOMAIN, encode([transcript.listingPeer, transcript.newPeer, step, transcript.said, body])))
}

function sameMac (a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length

  for (let i = 0; i < MAC_BYTES; i++) {
    difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  }

  return difference === 0
}

/** `[body, mac]`, and notes the body in the transcript */
export function seal (transcript: Transcript, step: number, body: Uint8Array): Uint8Array {
  const frame = encode([body, macOf(transcript, step, body)])

  transcript.said.push(body)

  return frame
}

/** The body if the MAC holds, else undefined; notes it in the transcript */
export function open (transcript: Transcript, step: number, frame: Uint8Array): Uint8Array | undefined {
  const [body, mac] = readArray(decodeCanonical(frame, { maxBytes: MAX_PAIRING_FRAME_BYTES }), 'A pairing message', 2)
  const bytes = readBytes(body, 'body')

  if (!sameMac(readBytes(mac, 'mac', MAC_BYTES), macOf(transcript, step, bytes))) {
    return undefined
  }

  transcript.said.push(bytes)

  return bytes
}

const limits = { maxBytes: MAX_PAIRING_FRAME_BYTES }

export const greeting = {
  encode: ({ commitment }: Greeting): Uint8Array => encode({ commitment }),
  decode: (bytes: Uint8Array): Greeting => ({
    commitment: readBytes(readMap(decodeCanonical(bytes, limits), 'A greeting', ['commitment']).commitment, 'commitment', 32)
  })
}

export const offer = {
  encode: ({ nonce, record }: Offer): Uint8Array => encode({ nonce, record }),
  decode (bytes: Uint8Array): Offer {
    const fields = readMap(decodeCanonical(bytes, limits), 'A pairing offer', ['nonce', 'record'])

    return { nonce: readBytes(fields.nonce, 'nonce', PAIRING_NONCE_BYTES), record: readBytes(fields.record, 'record') }
  }
}

function readName (value: unknown): string {
  const name = readText(value, 'name', MAX_DEVICE_NAME_BYTES)

  if (name === '') {
    throw new MalformedError('A device must have a name')
  }

  return name
}

export const agreement = {
  encode: ({ nonce, entry, name }: Agreement): Uint8Array => encode({
    nonce,
    name,
    device: idBytes(entry.device),
    x25519: entry.x25519,
    role: entry.role,
    from: entry.from,
    proof: entry.proof
  }),
  decode (bytes: Uint8Array): Agreement {
    const fields = readMap(decodeCanonical(bytes, limits), 'A pairing agreement', ['nonce', 'name', 'device', 'x25519', 'role', 'from', 'proof'])

    if (fields.role !== 'client' && fields.role !== 'home') {
      throw new MalformedError('The role of a device must be client or home')
    }

    return {
      nonce: readBytes(fields.nonce, 'nonce', PAIRING_NONCE_BYTES),
      name: readName(fields.name),
      entry: {
        device: deviceId(readBytes(fields.device, 'device', 32)),
        x25519: readBytes(fields.x25519, 'x25519', 32),
        role: fields.role,
        from: readUint(fields.from, 'from', MAX_SEQ),
        proof: readBytes(fields.proof, 'proof', 64)
      }
    }
  }
}

/** What the person at the listing device said: no, or else what the new device must know */
export const welcome = {
  encode: ({ record, peers, relays, reading, own }: Welcome): Uint8Array => encode({ record, peers, relays: relays.map(relayInfoValue), reading, own }),
  encodeNo: (): Uint8Array => encode(false),
  decode (bytes: Uint8Array): Welcome | false {
    const value = decodeCanonical(bytes, limits)

    if (value === false) {
      return false
    }

    const fields = readMap(value, 'A pairing welcome', ['record', 'peers', 'relays', 'reading', 'own'])

    return {
      record: readBytes(fields.record, 'record'),
      peers: readArray(fields.peers, 'peers', MAX_PAIRED_PEERS).map(peer => readText(peer, 'peer', MAX_PEER_TEXT)),
      relays: readArray(fields.relays, 'relays', MAX_RELAYS).map(readRelayInfo),
      reading: readArray(fields.reading, 'reading', MAX_PAIRED_READING_KEYS).map(secret => readBytes(secret, 'reading', SECRET_BYTES)),
      own: readBytes(fields.own, 'own', SECRET_BYTES)
    }
  }
}
