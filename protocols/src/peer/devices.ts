/** One's own devices: what they are called, which of them are there, in which order they act for all, and closing them. */
import type { DeviceRole } from '../identity/index.ts'
import type { DeviceId } from '../ids.ts'
import type { OwnDeviceOrder } from '../own/index.ts'
import type { PrimaryTask } from '../primary/index.ts'

export interface OwnDevice {
  device: DeviceId
  /** Empty while it has none */
  name: string
  role: DeviceRole
  /** Whether it is this one */
  current: boolean
  /** Whether it is connected to this one now; this one is */
  online: boolean
  /** Whether it acts for all of them now, as far as is known here */
  primary: boolean
  /** When it was connected last, as far as this program has seen since it was started */
  lastSeen?: number
}

export interface DevicesEvents {
  /** What `list` or `order` say may be different now */
  'devices:changed': CustomEvent<undefined>
  /** Another device acts for all now, or none that is known */
  'primary:changed': CustomEvent<undefined>
}

export interface Devices extends EventTarget {
  /** Those that are open, in the order in which they were added */
  list (): OwnDevice[]
  /** @throws {NoSuchDeviceError | NotJoinedError | MalformedError} */
  rename (device: DeviceId, name: string): Promise<void>
  /**
   * Closes other devices: what they wrote until now stays, they write nothing more, and can open nothing that is written from now on. The
   * entropy of the phrase is needed where the root is not on this device. Closed ones stay closed; nothing changes when it fails.
   *
   * @throws {NoRootError | NoSuchDeviceError | DeviceClosedError | NotJoinedError}
   */
  close (devices: DeviceId[], options?: { entropy?: Uint8Array }): Promise<void>
  /** All open devices, the first that is there acts for all: as was chosen, then home nodes, then the others */
  order (): OwnDeviceOrder
  /** @throws {NoSuchDeviceError | NotJoinedError} */
  setOrder (order: DeviceId[]): Promise<void>
  /** Acts for all whenever it is there; null: the order decides. @throws {NoSuchDeviceError | NotJoinedError} */
  setFixed (device: DeviceId | null): Promise<void>

  /** Whether this device acts for all now */
  isPrimary (): boolean
  /**
   * Runs a task whenever this device acts for all, from then until it no longer does; before the peer was started and while it belongs to
   * nobody, later. In a partition two devices may run the same at the same time, so it must be idempotent.
   *
   * @returns ends the task and forgets it
   */
  whenPrimary (task: PrimaryTask): () => void

  addEventListener<K extends keyof DevicesEvents> (type: K, listener: (event: DevicesEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof DevicesEvents> (type: K, listener: (event: DevicesEvents[K]) => void): void
}
