/** Private spaces: epochs, how their keys reach those who may read, and payloads sealed under them. Rules: specs/space.md. */
import type { DeviceId } from '../ids.ts'
import type { Entry } from '../log/index.ts'

/** A key under which a private space is written, ready for use */
export interface Epoch {
  /** 16 bytes that commit to the key; stand in entry headers as `epoch` */
  readonly id: Uint8Array
  /** AES-256-GCM, not extractable, derived from the epoch key */
  readonly payloadKey: CryptoKey
}

export interface KnownEpoch {
  readonly id: Uint8Array
  /** The epoch key itself, 32 bytes */
  readonly key: Uint8Array
}

/** One block of a key bundle */
export interface Bundle {
  /** Id of the epoch */
  epoch: Uint8Array
  /** From 1 */
  number: number
  /** X25519 public key made for this bundle */
  from: Uint8Array
  /** What `membersOf` gives for those to whom it was sealed */
  members: Uint8Array
  /** 96 bytes each, ascending */
  slots: Uint8Array
}

/** Which epochs are fit to be written under */
export interface EpochChoice {
  /** Raw X25519 public keys of all who may read: to them, and to nobody else, the key must have been sealed */
  recipients: Uint8Array[]
  /** Whether what stands at this place of a device's chain is to be believed */
  counts (device: DeviceId, seq: number): boolean
}

/** Entries in, epochs out. Whatever the entries are, it does not throw over them */
export interface Epochs {
  /**
   * Takes an entry that carries no `epoch`: a block of a key bundle, or nothing.
   *
   * @returns whether entries that could not be opened before can be now
   */
  add (entry: Entry): Promise<boolean>
  /**
   * Takes a key that was told in another way.
   *
   * @returns whether entries that could not be opened before can be now
   * @throws {MalformedError} unless it has 32 bytes
   */
  learn (key: Uint8Array): Promise<boolean>
  of (id: Uint8Array): Epoch | undefined
  known (): KnownEpoch[]
  /** The best first */
  fit (choice: EpochChoice): Epoch[]
  current (choice: EpochChoice): Epoch | undefined
  /** Highest number of an epoch of which a bundle is known, opened or not; 0 if there is none */
  highest (counts: EpochChoice['counts']): number
  /**
   * The payload of an entry; undefined if it has none or its epoch is not known: that is remembered then.
   *
   * @throws {InvalidSignatureError | MalformedError | LimitExceededError} if it is not what was sealed
   */
  open (entry: Entry): Promise<Uint8Array | undefined>
}

export { decodeBundle, openBundle, sealBundle } from './bundle.ts'
export type { SealBundleInit } from './bundle.ts'
export { EPOCH_ID_BYTES, EPOCH_KEY_BYTES, MAX_AWAITED_EPOCHS, MAX_BUNDLES_PER_DEVICE, MAX_EPOCH_NUMBER, MAX_RECIPIENTS, SEAL_BYTES } from './constants.ts'
export { createEpochKey, epochId, openEpoch } from './epoch.ts'
export { createEpochs } from './epochs.ts'
export { WrongEpochError } from './errors.ts'
export { isPrivateSpace, privateSpaceId } from './kind.ts'
export { openPayload, sealPayload } from './seal.ts'
export type { SealedHeader } from '../log/entry.ts'
