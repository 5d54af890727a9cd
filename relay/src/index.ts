/**
 * A relay: one TCP port with the web client and, on a secret path, libp2p over WebSocket; circuits for those who cannot be dialed; STUN on
 * UDP; webrtc-direct with a certificate that lasts. To whoever lacks the path it is an ordinary web site.
 *
 * @example
 *
 * ```ts
 * import { createRelay } from '@pergola/relay'
 *
 * const relay = await createRelay({ dataDir: './data', clientDir: './client', host: '127.0.0.1', port: 4040 })
 * await relay.start()
 * console.log(relay.origin, relay.invite)
 * await relay.stop()
 * ```
 */
import { createRelay } from './relay.ts'
import type { TlsFiles } from './data/tls.ts'
import type { Outbound } from './outbound.ts'
import type { Ed25519PrivateKey, PeerId, ServiceMap } from '@libp2p/interface'
import type { RelayInfo } from '@pergola/protocols'
import type { Libp2p, ServiceFactoryMap } from 'libp2p'

export interface RelayPolicies {
  /**
   * Clients that may be reached through this relay at one time
   *
   * @default 2000
   */
  maxReservations: number
  /**
   * WebSockets in all
   *
   * @default 4000
   */
  maxConnections: number
  /**
   * WebSockets from one address; an IPv6 /64 counts as one
   *
   * @default 128
   */
  maxConnectionsPerIp: number
  /**
   * Minutes that one relayed connection may last
   *
   * @default 120
   */
  circuitMinutes: number
  /**
   * Millions of bytes that one relayed connection may carry
   *
   * @default 1024
   */
  circuitMegabytes: number
}

/** What an added service is given to work with */
export interface RelayContext {
  /** Where it may keep things: a folder that exists and is this user's only */
  dataDir: string
  privateKey: Ed25519PrivateKey
  policies: RelayPolicies
  /** Multiaddrs under which the relay is reached */
  addrs: string[]
  /** What it may dial: nothing by itself */
  outbound: Outbound
}

/** What runs once libp2p is up, and what is to be done before it goes down */
export interface RelayExtension<T extends ServiceMap> {
  start (started: { libp2p: Libp2p<T>, info: RelayInfo, outbound: Outbound }): Promise<void>
  stop (): Promise<void>
}

export interface RelayInit<T extends ServiceMap = ServiceMap> {
  /** Keys and settings that must survive a restart; made if missing */
  dataDir: string
  /** The built web client; without it there are no pages */
  clientDir?: string
  /**
   * Address to listen on
   *
   * @default '127.0.0.1', with `tls` all of them
   */
  host?: string
  /**
   * TCP port; 0 takes any free one
   *
   * @default 4040, with `tls` 443
   */
  port?: number
  /** Certificate and key; without them and without `behindProxy` it is plain http, which browsers accept on the same machine only */
  tls?: TlsFiles
  /**
   * A reverse proxy ends TLS and says in `X-Forwarded-For` and `X-Forwarded-Proto` who is there
   *
   * @default false
   */
  behindProxy?: boolean
  /**
   * Addresses or networks of that proxy
   *
   * @default ['127.0.0.0/8', '::1']
   */
  trustedProxies?: string[]
  /**
   * What people open, like `https://example.org`; needed behind a proxy
   *
   * @default from the certificate, else from host and port
   */
  publicUrl?: string
  /**
   * Address that UDP listens on
   *
   * @default `host`, behind a proxy all of them
   */
  udpHost?: string
  /**
   * IP addresses under which this machine is reached
   *
   * @default found out where possible
   */
  announceIps?: string[]
  /**
   * UDP port of STUN; 0 is off
   *
   * @default the number of the TCP port
   */
  stunPort?: number
  /**
   * UDP port of webrtc-direct; 0 is off
   *
   * @default one above the TCP port
   */
  webrtcPort?: number
  /**
   * Port of libp2p over bare TCP; 0 is off
   *
   * @default 0
   */
  tcpPort?: number
  /** What the operator calls it, in invites */
  name?: string
  policies?: Partial<RelayPolicies>
  /** libp2p services besides identify, ping and circuits */
  services? (context: RelayContext): ServiceFactoryMap<T>
  /** Runs around libp2p: caches, sync, follow */
  extensions?: Array<RelayExtension<T>>
}

/**
 * A relay that was made. `start` and `stop` are idempotent. The native library behind webrtc-direct keeps its UDP port until the process
 * ends: to start again after `stop`, use a new process, or have it off.
 */
export interface Relay<T extends ServiceMap = ServiceMap> {
  /**
   * @throws {PortUnavailableError} if a port is taken or may not be opened
   * @throws {CertificateError | ClientFolderError} if files are missing or not what they should be
   */
  start (): Promise<void>
  stop (): Promise<void>
  /** Reads the certificate files anew; the old ones stay in use if these are not good */
  reloadTls (): Promise<void>

  readonly peerId: PeerId
  /** Of a started relay: what people open in a browser */
  readonly origin: string
  /** Of a started relay: where it listens */
  readonly address: { host: string, port: number, stunPort?: number, webrtcPort?: number, tcpPort?: number }
  /** Of a started relay: how clients reach it */
  readonly info: RelayInfo
  /** Of a started relay: a link that opens the client and tells it of this relay */
  readonly invite: string
  /** Of a started relay */
  readonly libp2p: Libp2p<T>
}

export type { TlsFiles } from './data/tls.ts'
export type { Outbound, Way } from './outbound.ts'
export type { RelayInfo } from '@pergola/protocols'
export { CertificateError, ClientFolderError, DataFolderError, InvalidOptionError, PortUnavailableError } from './errors.ts'
export { createRelay }
export { openWallCache } from './walls/index.ts'
export type { WallCache, WallCacheInit, WallServices } from './walls/index.ts'
