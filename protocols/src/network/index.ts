/**
 * The libp2p node every part runs, and what keeps it connected: transports with their gates, gossip, the supervisor.
 * Nothing in it names or contacts a third party. Rules: specs/network.md.
 */
import type { NetworkPreset } from './presets.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { Identify } from '@libp2p/identify'
import type { PeerId, PrivateKey, ServiceMap } from '@libp2p/interface'
import type { Ping } from '@libp2p/ping'
import type { Libp2pOptions } from 'libp2p'

export { createNetwork } from './create.ts'
export { connectDirect } from './direct.ts'
export { late } from './late.ts'
export type { Late } from './late.ts'
export { DirectNotAllowedError, UnresponsiveConnectionError } from './errors.ts'
export type { NetworkPreset } from './presets.ts'

/** What every node runs besides its own services */
export interface NetworkServices extends ServiceMap {
  identify: Identify
  ping: Ping
}

export interface NetworkInit<T extends ServiceMap = ServiceMap> {
  /** The transport key: in nothing public, replaceable */
  privateKey: PrivateKey
  datastore?: Libp2pOptions['datastore']
  /** Multiaddrs to listen on besides `/p2p-circuit` and `/webrtc`; a client and a home node dial out only: none */
  listen?: string[]
  announce?: string[]
  /** Besides WebSocket, circuit and WebRTC, which every node has: TCP, webrtc-direct, the relay's listener */
  transports?: Libp2pOptions['transports']
  /** WebRTC signalling of any other peer is refused before ICE starts */
  allowDirect (peer: PeerId): boolean
  /** `stun:host:port` of one's own relays, asked anew at each connection; nothing else is ever contacted */
  iceServers (): string[]
  /** Secret path of a relay's WebSocket, by the relay's PeerId */
  pathOf (relay: PeerId | undefined, address: string): string | undefined
  /**
   * Whether a multiaddr may be dialled; for a node that others can tell where to dial
   *
   * @default every one
   */
  mayDial? (address: string): boolean
  services: Libp2pOptions<T>['services']
  /**
   * `hub`: a relay, which many dial, with limits to match; it announces the addresses it listens on or `announce`. `leaf`: everybody
   * else; it announces where it can be met at relays and what `announce` names, and no other address of its own.
   *
   * @default 'leaf'
   */
  preset?: NetworkPreset
}

export interface SupervisedRelay {
  info: RelayInfo
  state: 'connected' | 'connecting' | 'refused' | 'offline'
  /** Consecutive failures */
  failures: number
  /** While refused: when the relay will have this client again, if it said so, milliseconds since the epoch */
  until?: number
  /** When the next try is due, milliseconds since the epoch */
  nextTry?: number
}
