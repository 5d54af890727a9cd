/** The identity that this device belongs to: made by joining, by a restore, or taken over when a home node is paired. */
import { StoredAccount } from './stored-account.ts'
import type { KeyStore } from './key-store.ts'
import type { DeviceEntry, DeviceRole, SignedRecord, Signer } from '../identity/index.ts'
import type { DeviceId, IdentityId, SpaceId } from '../ids.ts'
import type { Clock, Random, Store } from '../interface.ts'
import type { Entry, Log } from '../log/index.ts'

export interface Me {
  identity: IdentityId
  device: DeviceId
  signer: Signer
  /** The public wall */
  space: SpaceId
}

export interface AccountInit {
  store: Store
  keys: KeyStore
  log: Log
  clock: Clock
  random: Random
  role: DeviceRole
  /** Resolves once every entry is known that this device ever wrote */
  knowsOwn (): Promise<void>
}

/** What all devices of an identity know besides its record */
export interface OwnSecrets {
  /** Private halves of the `reading` keys, the one of the standing record first where it is known */
  reading: Uint8Array[]
  /** Seed of the space that own devices share, 32 bytes */
  own: Uint8Array
}

export interface AccountEvents {
  /** Another device of one's own has closed this one: it writes nothing more, what it holds stays readable */
  'device:closed': CustomEvent<undefined>
}

export interface Account extends EventTarget {
  /** Undefined until this device belongs to an identity */
  me (): Me | undefined
  /** @throws {NotJoinedError} */
  requireMe (): Me
  /** Whether this device was closed by another one */
  isClosed (): boolean
  /** Reads what is stored; idempotent */
  load (): Promise<void>
  /** A new identity with this device as its first */
  join (): Promise<Me>
  /**
   * An existing identity with this device as a new one: adds it to the newest record known. With `closeOthers` the same record closes all
   * other devices, each at the last of its entries that is held here: what is not held by now counts no more.
   *
   * @throws {AlreadyJoinedError | DeviceClosedError | TooManyDevicesError}
   */
  restore (entropy: Uint8Array, options?: { closeOthers?: boolean }): Promise<Me>
  /** Makes the entry by which this device agrees to be listed from that record on */
  agree (identity: IdentityId, from: number): Promise<DeviceEntry>
  /** Belongs to the identity of a record that lists this device already */
  adopt (record: SignedRecord, secrets: OwnSecrets): Promise<Me>
  /** Lists another device. @throws {NoRootError | DeviceClosedError | TooManyDevicesError} */
  addDevice (entry: DeviceEntry): Promise<SignedRecord>
  /**
   * Closes other devices in one record, each at the last entry of its chain in the public wall that is held here. Closed ones stay closed.
   * The entropy of the phrase is needed where the root is not here; it is not kept.
   *
   * @throws {NoRootError | DeviceClosedError | NoSuchDeviceError | TooManyDevicesError}
   */
  closeDevices (devices: DeviceId[], entropy?: Uint8Array): Promise<SignedRecord>
  /** Says again what a competing record left out: this device, others, closed ones; nothing happens otherwise */
  reassert (): Promise<void>
  /** Lists and closes again what another record of this identity does and the newest one knows nothing of, where the root is */
  uphold (record: SignedRecord): Promise<void>
  /** Secret of the phrase. @throws {NoRootError} */
  entropy (): Promise<Uint8Array>
  /** @throws {NotJoinedError} before this device was given the seed */
  secrets (): Promise<OwnSecrets>
  /** Keeps private halves of `reading` keys that another own device made, newest first */
  learnReading (secrets: Uint8Array[]): Promise<void>
  record (): Promise<SignedRecord>
  /**
   * Waits while entries of this device may be missing here. `time` is when it was written, now by default.
   *
   * @throws {DeviceClosedError | NotJoinedError}
   */
  append (payload: Uint8Array, time?: number): Promise<Entry>

  addEventListener<K extends keyof AccountEvents> (type: K, listener: (event: AccountEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof AccountEvents> (type: K, listener: (event: AccountEvents[K]) => void): void
}

export function createAccount (init: AccountInit): Account {
  return new StoredAccount(init)
}
