/**
 * The libp2p node every part runs, and what keeps it connected: transports with their gates, gossip, the supervisor.
 * Nothing in it names or contacts a third party.
 */
import type { PeerId, PrivateKey, ServiceMap } from '@libp2p/interface'
import type { Libp2pOptions } from 'libp2p'
import type { RelayInfo } from '../relay-info/index.ts'

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
  services: Libp2pOptions<T>['services']
}


export interface SupervisedRelay {
  info: RelayInfo
  state: 'connected' | 'connecting' | 'refused' | 'offline'
  /** Consecutive failures */
  failures: number
  /** When the next try is due, milliseconds since the epoch */
  nextTry?: number
}
