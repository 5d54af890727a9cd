/**
 * supervisor: keeps the connections to one's own relays. js-libp2p loses a relay for good when it restarts, and does not start when
 * one is down; so dialling, reserving, renewing and coming back are done here. Rules: specs/supervisor.md.
 *
 * `state.ts` decides, by the clock it is given; `driver.ts` dials and listens.
 */
import { SupervisorDriver } from './driver.ts'
import type { Clock } from '../interface.ts'
import type { SupervisedRelay } from '../network/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { Connection, DialTarget, Libp2pEvents, PeerId, Startable, Transport } from '@libp2p/interface'

export type { SupervisedRelay } from '../network/index.ts'

/** green: a relay has us; yellow: on the way; orange: refused; red: offline, or no relay at all */
export type Light = 'green' | 'yellow' | 'orange' | 'red'

/** Runs something later, once; what it returns cancels it */
export type Timer = (run: () => void, ms: number) => () => void

/** Where the surroundings say that it is worth trying now: `wake`, `online` or `visibilitychange` events of a window, a document, a program */
export interface WakeTarget {
  addEventListener (type: string, listener: () => void): void
  removeEventListener (type: string, listener: () => void): void
}

export interface SupervisorInit {
  relays?: RelayInfo[]
  clock?: Clock
  timer?: Timer
  /**
   * From 0 to 1, for the jitter of tries
   *
   * @default Math.random
   */
  random? (): number
  wake?: WakeTarget[]
  /**
   * Whether others shall reach this node through these relays. A relay that is linked to without that may be a client of this node as
   * well: when it is removed, only connections that were made from here are closed
   *
   * @default true
   */
  reserves?: boolean
  /**
   * Which of a relay's addresses may be dialled now; asked before each try
   *
   * @default all
   */
  dialable? (info: RelayInfo): Promise<string[]>
}

export interface SupervisorComponents {
  peerId: PeerId
  connectionManager: {
    getConnections (peer?: PeerId): Connection[]
    openConnection (target: DialTarget, options?: { signal?: AbortSignal }): Promise<Connection>
    closeConnections (peer: PeerId, options?: { signal?: AbortSignal }): Promise<void>
  }
  transportManager: { getTransports (): Transport[] }
  peerStore: { merge (peer: PeerId, data: { tags: Record<string, undefined> }): Promise<unknown> }
  events: {
    addEventListener<K extends keyof Libp2pEvents> (type: K, listener: (event: Libp2pEvents[K]) => void): void
    removeEventListener<K extends keyof Libp2pEvents> (type: K, listener: (event: Libp2pEvents[K]) => void): void
  }
}

export interface SupervisorEvents {
  'state:changed': CustomEvent<SupervisedRelay>
  /** A new connection to a relay, the first or any later one: whatever was missed meanwhile has to be fetched */
  'relay:connected': CustomEvent<{ peer: PeerId }>
}

export interface Supervisor extends Startable, EventTarget {
  /**
   * Adds a relay, or takes over how a known one is reached now; tries it at once.
   *
   * @throws {MalformedError} if its PeerId cannot be read
   */
  add (info: RelayInfo): void
  /** Hangs up and forgets the relay with this PeerId */
  remove (peer: string): void
  /** A person, or the surroundings, ask for it now: every relay that is not connected is tried, the others are checked */
  reconnect (): void
  /** The relay said that it does not want this client, until a time, milliseconds since the epoch, or until further notice */
  refused (peer: string, until?: number): void
  states (): SupervisedRelay[]
  light (): Light

  addEventListener<K extends keyof SupervisorEvents> (type: K, listener: (event: SupervisorEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof SupervisorEvents> (type: K, listener: (event: SupervisorEvents[K]) => void): void
}

/** Makes the libp2p service. It needs the transports of `createNetwork` */
export function supervisor (init: SupervisorInit = {}): (components: SupervisorComponents) => Supervisor {
  return components => new SupervisorDriver(init, components)
}
