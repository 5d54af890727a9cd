/** The space of one's own devices: settings, follows, contacts, drafts and the like, the same on each of them. Rules: specs/own.md. */
import type { Signer } from '../identity/index.ts'
import type { DeviceId, EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { AbortOptions, Clock, Random } from '../interface.ts'
import type { Log } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'

/** One value that own devices share, by name */
export interface Register<T> {
  readonly name: string
  /** Turns what was decoded into the value, or throws a named error */
  read (value: unknown): T
  /** Turns the value into what can be encoded */
  write (value: T): unknown
}

/** Registers of one kind: one for each wall, person, draft… */
export interface Collection<K extends string, T> {
  /** What the names of all of them begin with */
  readonly prefix: string
  /** @throws {MalformedError | MalformedIdError} if the key is none of this collection */
  at (key: K): Register<T>
  /** The key that a name says; undefined if it is of another collection */
  keyOf (name: string): K | undefined
}

declare const brand: unique symbol

/** 16 random bytes, in hexadecimal */
export type DraftId = string & { readonly [brand]: 'DraftId' }
/** Raw X25519 public key, in hexadecimal */
export type ReadingKey = string & { readonly [brand]: 'ReadingKey' }
/** Letters `a` to `z`, digits and `-` */
export type SettingName = string & { readonly [brand]: 'SettingName' }
export type SettingValue = boolean | number | string

export interface OwnFollow {
  /** Where it could be had when it was followed */
  relays: RelayInfo[]
}

export interface OwnContact {
  name: string
  /** Transport ids of their devices, as they last said */
  peers: string[]
  /** Relays at which those devices can be called */
  relays: RelayInfo[]
  /** An invite token that has not been spent yet */
  token?: Uint8Array
}

export interface OwnMute {
  /** Absent: for good */
  until?: number
}

export interface OwnReadMark {
  /** Of the newest entry that was read */
  time: number
  id: EntryId
}

export interface OwnDraft {
  text: string
  warning?: string
  /** The post that it edits */
  of?: EntryId
}

export interface OwnDeviceOrder {
  /** The first that is alive acts for all */
  order: DeviceId[]
  /** Acts for all whenever it is alive */
  fixed?: DeviceId
}

export interface OwnVerified {
  /** When the numbers were compared */
  time: number
  /** Their open devices at that time */
  devices: DeviceId[]
}

export interface OwnEvents {
  /** Registers that have another value now, or none any more; whichever device set them */
  'own:changed': CustomEvent<{ names: string[] }>
}

export interface OwnInit {
  /** Must let the identity write in the space of the seed (`mayWrite`). It holds the identity's record, or will */
  log: Log
  clock: Clock
  random: Random
  identity: IdentityId
  /** Of this device */
  signer: Signer
  /** Raw X25519 private keys that open key bundles: of this device and, where the phrase is at hand, of recovery */
  secrets: Uint8Array[]
  /** 32 bytes that the own devices share */
  seed: Uint8Array
  /**
   * Resolves once nothing that this device ever wrote can be missing from the log: before that it must not write.
   *
   * @default at once
   */
  knowsOwn? (): Promise<void>
}

/**
 * What own devices share. Reads are from memory; every write is an entry in the space, durable once it resolves, and travels as any entry
 * does. All that writes rejects with `NotAWriterError` or `ForkedChainError` where this device may not.
 */
export interface Own extends EventTarget {
  readonly space: SpaceId
  /** Reads what is stored. Resolves once `get` and `list` tell it */
  start (): Promise<void>
  /** Resolves once nothing is being read or written any more */
  stop (): Promise<void>

  /** Undefined if it has no value, or one that this version cannot read */
  get<T> (register: Register<T>): T | undefined
  list<K extends string, T> (collection: Collection<K, T>): Map<K, T>
  /**
   * Sets a register; null: it has no value any more.
   *
   * @throws {LimitExceededError} if the value is too large, or there are too many registers
   * @throws {MalformedError | MalformedIdError} if it is no value of this register
   */
  set<T> (register: Register<T>, value: T | null): Promise<void>
  /** Calls when the register, or one of the collection, has changed. Ends with the signal */
  watch (of: Pick<Register<unknown>, 'name'> | Pick<Collection<string, unknown>, 'prefix'>, changed: () => void, options?: AbortOptions): void

  /**
   * Makes what the record asks for and is not there yet: an epoch for exactly the devices that are open, the past for those that are new, and
   * cuts whose author was closed. For whoever changed the devices in the record, and whoever has caught up with the space. Does nothing the
   * second time.
   */
  settle (): Promise<void>
  /**
   * Says that of these devices counts what is held here now and, once the record closes them, nothing more. Before the record is signed that
   * closes them; a cut that took effect already stays as it is.
   */
  cut (devices: DeviceId[]): Promise<void>

  addEventListener<K extends keyof OwnEvents> (type: K, listener: (event: OwnEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof OwnEvents> (type: K, listener: (event: OwnEvents[K]) => void): void
}

export { MAX_CONTACT_PEERS, MAX_DRAFT_TEXT_BYTES, MAX_PAST_KEYS, MAX_REGISTER_NAME_BYTES, MAX_REGISTER_NAMES, MAX_REGISTERS, MAX_VALUE_BYTES, OWN_SEED_BYTES } from './constants.ts'
export { contacts, deviceNames, deviceOrder, devicePeers, drafts, follows, mutes, ownRelays, readingSecrets, readMarks, settings, verifiedDevices, verifiedPeople } from './known.ts'
export { createOwn } from './own.ts'
export { ownSpaceId } from './space.ts'
