/** Ed25519 peer ids as raw keys: 32 bytes instead of 52 characters. Needs nothing of libp2p, which a page loads later. */
import { base58btc } from 'multiformats/bases/base58'
import { concat } from 'uint8arrays/concat'
import { readBytes } from '../codec/index.ts'
import { MalformedIdError } from '../errors.ts'
import type { Signer } from '../identity/index.ts'
import type { Ed25519PrivateKey, PeerId } from '@libp2p/interface'

const KEY_BYTES = 32
/** An identity multihash of 36 bytes, and inside it the protobuf head of an Ed25519 public key of 32 */
const HEAD = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
/** Longer than any PeerId of an Ed25519 key, so that nothing long is decoded */
const MAX_TEXT = 64

function multihash (peer: string | PeerId): Uint8Array {
  if (typeof peer !== 'string') {
    return peer.toMultihash().bytes
  }

  try {
    return base58btc.baseDecode(peer.slice(0, MAX_TEXT))
  } catch (err) {
    throw new MalformedIdError('Not a peer id', { cause: err })
  }
}

/**
 * The raw Ed25519 key that a PeerId holds.
 *
 * @throws {MalformedIdError} if it is no PeerId, or one of another kind of key
 */
export function peerKey (peer: string | PeerId): Uint8Array {
  const bytes = multihash(peer)

  if (bytes.length !== HEAD.length + KEY_BYTES || HEAD.some((byte, i) => bytes[i] !== byte)) {
    throw new MalformedIdError('A peer id must be that of an Ed25519 key')
  }

  return bytes.slice(HEAD.length)
}

/**
 * The text of the PeerId of a raw Ed25519 key, from a decoded value.
 *
 * @throws {MalformedError} unless there are 32 bytes
 */
export function readPeer (value: unknown, what: string): string {
  return base58btc.baseEncode(concat([HEAD, readBytes(value, what, KEY_BYTES)]))
}

/** Signs with the key behind a libp2p PeerId: relay-info and receipts of relays */
export function peerSigner (privateKey: Ed25519PrivateKey): Signer {
  return {
    publicKey: privateKey.publicKey.raw,
    sign: async message => privateKey.sign(message)
  }
}
