/** Relay-info: how a relay is reached and what it offers. Rules: specs/relay-info.md. */

export interface RelayInfo {
  /** Text of the relay's PeerId, which holds an Ed25519 key */
  peer: string
  /** Multiaddrs without `/p2p` and without the secret path, the best first */
  addrs: string[]
  /** Secret path of the WebSocket upgrade, without the leading slash, empty if there is none; travels here and in invites, never in a multiaddr */
  path: string
  /** `host:port` of the relay's STUN service on UDP */
  stun?: string
  /** What the operator calls it */
  name?: string
}

/** A relay-info whose signature was verified */
export interface SignedRelayInfo {
  info: RelayInfo
  /** When it was signed, in milliseconds; of two the later one stands */
  time: number
  /** The bytes that travel */
  bytes: Uint8Array
}

export { MAX_ADDR_CHARACTERS, MAX_ADDRS, MAX_PATH_CHARACTERS, MAX_RELAY_NAME_BYTES } from './constants.ts'
export { peerKey, peerSigner, readPeer } from './peer.ts'
export { decodeRelayInfo, encodeRelayInfo, readRelayInfo, relayInfoValue } from './relay-info.ts'
export { decodeSignedRelayInfo, signRelayInfo } from './signed.ts'
