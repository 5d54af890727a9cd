/**
 * hello `/pergola/hello/1.0.0`: proves, inside an encrypted connection and bound to it, which device of which identity is there, to
 * friends and own devices only, or that the peer holds an invite token. Whatever is offered only to friends (direct connections, own
 * addresses) asks `allowed` first. Rules: specs/hello.md.
 */
import { Hello as HelloService } from './hello.ts'
import type { SignedRecord, Signer } from '../identity/index.ts'
import type { DeviceId, IdentityId } from '../ids.ts'
import type { AbortOptions, Clock, Random } from '../interface.ts'
import type { TokenProof } from '../invite/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { ComponentLogger, Connection, Libp2pEvents, PeerId, Startable, Stream, StreamHandler, StreamHandlerOptions, TypedEventTarget } from '@libp2p/interface'

/** What a device tells those it accepts */
export interface Card {
  /** Where it can be reached, at most eight; may be private relays */
  relays: RelayInfo[]
  /** Name of the device */
  name?: string
}

/** A card as received, with the PeerId of the connection it came over */
export interface ContactCard extends Card {
  /** Text of the transport PeerId */
  peer: string
}

/** Who we are to those we accept */
export interface HelloSelf {
  /** Our newest identity record */
  record: SignedRecord
  /** The signing key of this device, which the record lists */
  signer: Signer
}

export interface HelloInit {
  /** Asked at each handshake; undefined for a guest, who can show a token and nothing else, and accepts nobody */
  self (): HelloSelf | undefined | Promise<HelloSelf | undefined>
  /**
   * Whether to say to this device of this identity who we are. The record was verified and lists the device; whether a newer one is
   * known, that closed the device, is for the listener to judge.
   */
  accepts (identity: IdentityId, device: DeviceId, record: SignedRecord): boolean | Promise<boolean>
  /**
   * Uses up a token that we issued (`TokenBook.spend`); asked only if the device alone is not accepted
   *
   * @default nobody gets in by token
   */
  spendToken? (proof: TokenProof, holder: string): boolean | Promise<boolean>
  /**
   * What to tell those we accept
   *
   * @default nothing
   */
  card? (): Card | undefined | Promise<Card | undefined>
  /** @default systemClock */
  clock?: Clock
  /** @default systemRandom */
  random?: Random
  /**
   * For a whole handshake, in milliseconds
   *
   * @default DEFAULT_HELLO_TIMEOUT_MS
   */
  timeout?: number
}

/** The parts of libp2p that hello uses */
export interface HelloComponents {
  peerId: PeerId
  registrar: {
    handle (protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void>
    unhandle (protocol: string): Promise<void>
  }
  connectionManager: {
    openStream (peer: PeerId, protocol: string, options?: AbortOptions & { runOnLimitedConnection?: boolean }): Promise<Stream>
    getConnections (peer?: PeerId): Connection[]
  }
  events: TypedEventTarget<Libp2pEvents>
  logger: ComponentLogger
}

export interface HelloResult {
  peer: PeerId
  /** Absent where a guest showed only a token */
  identity?: IdentityId
  device?: DeviceId
  record?: SignedRecord
  /** Why they are allowed here: the device is accepted, or it holds a token of ours */
  by: 'device' | 'token'
  card?: ContactCard
}

export interface ProveOptions extends AbortOptions {
  /** The secret of an invite of theirs */
  token?: Uint8Array
  /** Who must be there; then `accepts` is not asked about them */
  identity?: IdentityId
}

export interface HelloEvents {
  /** Both sides proved themselves over this connection; the event is there on both sides, whoever began */
  'peer:proved': CustomEvent<HelloResult>
}

export interface Hello extends Startable, EventTarget {
  /**
   * Says to a peer who we are and learns who they are. Only do so with peers that ought to be friends or own devices: they learn our identity first.
   *
   * @throws {HelloRefusedError} if they do not want us, or we them
   * @throws {HelloFailedError} if the handshake broke off
   * @throws {HelloTimeoutError} if it took longer than `timeout`
   */
  prove (peer: PeerId, options?: ProveOptions): Promise<HelloResult>
  /** Whether this peer proved itself and has been connected ever since */
  allowed (peer: PeerId): boolean
  /** Who a peer proved to be */
  known (peer: PeerId): HelloResult | undefined
  /** From now on none of an identity's peers is allowed, until they prove themselves anew */
  forget (identity: IdentityId): void

  addEventListener<K extends keyof HelloEvents> (type: K, listener: (event: HelloEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof HelloEvents> (type: K, listener: (event: HelloEvents[K]) => void): void
}

/** For `services` of a libp2p node */
export function hello (init: HelloInit): (components: HelloComponents) => Hello {
  return components => new HelloService(components, init)
}

export { DEFAULT_HELLO_TIMEOUT_MS, HELLO_PROTOCOL } from './constants.ts'
export { HelloFailedError, HelloRefusedError, HelloTimeoutError } from './errors.ts'
