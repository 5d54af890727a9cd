/** Ed25519 peer ids as raw keys: 32 bytes instead of 52 characters. */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { readBytes } from '../codec/index.ts'
import { MalformedError, MalformedIdError } from '../errors.ts'
import type { Ed25519PrivateKey, PeerId } from '@libp2p/interface'
import type { Signer } from '../identity/index.ts'

/**
 * The raw Ed25519 key that a PeerId holds.
 *
 * @throws {MalformedIdError} if it is no PeerId, or one of another kind of key
 */
export function peerKey (peer: string | PeerId): Uint8Array {
  let id: PeerId

  try {
    id = typeof peer === 'string' ? peerIdFromString(peer) : peer
  } catch (err) {
    throw new MalformedIdError('Not a peer id', { cause: err })
  }

  if (id.type !== 'Ed25519') {
    throw new MalformedIdError('A peer id must be that of an Ed25519 key')
  }

  return id.publicKey.raw
}

/**
 * The text of the PeerId of a raw Ed25519 key, from a decoded value.
 *
 * @throws {MalformedError} if it is not such a key
 */
export function readPeer (value: unknown, what: string): string {
  const raw = readBytes(value, what, 32)

  try {
    return peerIdFromPublicKey(publicKeyFromRaw(raw)).toString()
  } catch (err) {
    throw new MalformedError(`${what} must be an Ed25519 key`, { cause: err })
  }
}

/** Signs with the key behind a libp2p PeerId: relay-info and receipts of relays */
export function peerSigner (privateKey: Ed25519PrivateKey): Signer {
  return {
    publicKey: privateKey.publicKey.raw,
    sign: async message => privateKey.sign(message)
  }
}
