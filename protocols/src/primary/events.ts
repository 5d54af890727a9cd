/** What goes into the state machine and comes out of it. */
import type { Beat } from './beat.ts'
import type { DeviceOrder, OwnRecord } from './order.ts'
import type { DeviceId, IdentityId } from '../ids.ts'

export interface PrimaryStateInit {
  identity: IdentityId
  device: DeviceId
  record: OwnRecord
  order?: DeviceOrder
  /** 16 random bytes in hexadecimal, new each time */
  boot: string
  /** From 0 to 1, not included, for the jitter of beats */
  random (): number
  /** The monotonic clock at the start */
  now: number
}

export type PrimaryEvent =
  /** The time has come that `nextTick` named, or has passed it */
  | { type: 'tick' }
  /** Whatever this device missed while it was away, it has */
  | { type: 'caught-up' }
  /** The device was asleep */
  | { type: 'woke' }
  /** This device stops */
  | { type: 'leave' }
  | { type: 'record', record: OwnRecord }
  | { type: 'order', order?: DeviceOrder }
  /** There is a connection on which another device proved to be one's own, or no longer */
  | { type: 'link', device: DeviceId }
  | { type: 'unlink', device: DeviceId }
  /** A beat of this identity, signed by its device, came from the device `via`, in these bytes */
  | { type: 'beat', via: DeviceId, beat: Beat, bytes: Uint8Array }

export type PrimaryEffect =
  /** Sign this and send it to every device that this one is connected to */
  | { type: 'beat', beat: Beat }
  /** Send these bytes on as they are */
  | { type: 'pass', bytes: Uint8Array, to: DeviceId[] }
  /** A neighbour knows a newer record: fetch it */
  | { type: 'fetch-record', from: DeviceId, seq: number }
  /** The device slept: fetch what it missed, then say `caught-up` */
  | { type: 'catch-up' }
  | { type: 'changed', view: PrimaryView }

export interface PrimaryView {
  /** Undefined while nobody is known to be */
  primary?: DeviceId
  /** Whether that is this device: it has the work to do */
  acts: boolean
  /** Other devices that are there now */
  alive: DeviceId[]
}
