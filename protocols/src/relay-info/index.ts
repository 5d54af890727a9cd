/** Relay-info: how a relay is reached and what it offers. Rules: specs/relay-info.md. */

export interface RelayInfo {
  /** Text of the relay's PeerId */
  peer: string
  /** Multiaddrs without `/p2p` and without the secret path, the best first */
  addrs: string[]
  /** Secret path of the WebSocket upgrade, without the leading slash; travels here and in invites, never in a multiaddr */
  path: string
  /** `host:port` of the relay's STUN service on UDP */
  stun?: string
  /** What the operator calls it */
  name?: string
}
