/**
 * primary `/pergola/primary/1.0.0`: which of one's own devices does what somebody has to do. The first one of an order that is there is
 * primary; when it goes, the next takes over within 30 s; when it returns and is caught up, it is primary again. Rules: specs/primary.md.
 *
 * `state.ts` decides, by the times it is given; `driver.ts` signs, sends and listens; `links.ts` keeps the streams.
 */
import { PrimaryDriver } from './driver.ts'
import type { PrimaryView } from './events.ts'
import type { DeviceOrder } from './order.ts'
import type { PrimaryTask } from './tasks.ts'
import type { Hello, HelloSelf } from '../hello/index.ts'
import type { Random } from '../interface.ts'
import type { ComponentLogger, Connection, Libp2pEvents, PeerId, Startable, StreamHandler, StreamHandlerOptions, TypedEventTarget } from '@libp2p/interface'

export { actId, ActRegister } from './acts.ts'
export type { ActId } from './acts.ts'
export { PRIMARY_PROTOCOL } from './constants.ts'
export { NotOwnDeviceError, TooManyBeatsError } from './errors.ts'
export type { PrimaryView } from './events.ts'
export { rankDevices } from './order.ts'
export type { DeviceOrder, OwnRecord } from './order.ts'
export type { PrimaryTask } from './tasks.ts'

export interface PrimaryInit {
  /** Asked at the start and at each `refresh`; undefined while this device belongs to nobody */
  self (): HelloSelf | undefined | Promise<HelloSelf | undefined>
  /**
   * The order that its owner chose, asked whenever `self` is
   *
   * @default home nodes first, then as in the record
   */
  order? (): DeviceOrder | undefined | Promise<DeviceOrder | undefined>
  /**
   * Milliseconds of a clock that nobody sets
   *
   * @default performance.now
   */
  now? (): number
  /**
   * Runs something later, once; what it returns cancels it
   *
   * @default setTimeout
   */
  timer? (run: () => void, ms: number): () => void
  /** @default systemRandom */
  random?: Random
}

/** The parts of libp2p that primary uses, and the service `hello` beside it */
export interface PrimaryComponents {
  registrar: {
    handle (protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void>
    unhandle (protocol: string): Promise<void>
  }
  connectionManager: {
    getConnections (peer?: PeerId): Connection[]
  }
  events: TypedEventTarget<Libp2pEvents>
  logger: ComponentLogger
  hello: Pick<Hello, 'known' | 'addEventListener' | 'removeEventListener'>
}

export interface PrimaryEvents {
  'primary:changed': CustomEvent<PrimaryView>
  /** This device slept: fetch what it missed, then call `caughtUp` */
  'catch-up:due': CustomEvent<undefined>
  /** An own device has a newer identity record: fetch it, then call `refresh` */
  'record:newer': CustomEvent<{ peer: PeerId, seq: number }>
  /** Work of the primary failed; it is begun again in a while */
  'task:failed': CustomEvent<Error>
}

export interface Primary extends Startable, EventTarget {
  view (): PrimaryView
  /**
   * Runs a task whenever this device is primary, from the moment it becomes primary to the one it no longer is. In a partition another
   * device runs the same at the same time, so it must be idempotent: see `PrimaryTask`.
   *
   * @returns ends the task and forgets it
   */
  whenPrimary (task: PrimaryTask): () => void
  /** Whatever this device missed while it was away, it has now, as far as anybody reachable could tell. Until then it is not primary: call it after each start and each `catch-up:due` */
  caughtUp (): void
  /** The surroundings noticed that this device slept. Where the clock runs on in sleep it is noticed here too */
  woke (): void
  /** The record or the order changed, or this device became somebody's */
  refresh (): Promise<void>

  addEventListener<K extends keyof PrimaryEvents> (type: K, listener: (event: PrimaryEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof PrimaryEvents> (type: K, listener: (event: PrimaryEvents[K]) => void): void
}

/** For `services` of a libp2p node that has the service `hello` as well */
export function primary (init: PrimaryInit): (components: PrimaryComponents) => Primary {
  return components => new PrimaryDriver(components, init)
}
