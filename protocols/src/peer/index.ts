/**
 * A peer: everything composed. The one object that the home node, the web client and tests use; several may live in one process.
 *
 * @example
 * ```ts
 * const peer = await createPeer({ role: 'client', store, blocks, keys })
 * await peer.start()
 * await peer.addRelay(relayInfo)
 * await peer.join('Ada')
 * await peer.posts.post({ text: 'Hello' })
 * ```
 */
import type { Account } from './account.ts'
import type { ExportOptions, Imported, ImportOptions } from './archives.ts'
import type { BackupOptions } from './backups.ts'
import type { Deliveries } from './deliveries.ts'
import type { Devices } from './devices.ts'
import type { KeyStore } from './key-store.ts'
import type { Keys } from './keys.ts'
import type { Posts } from './posts.ts'
import type { RecoverInit, RecoverOptions } from './recovery.ts'
import type { Settings } from './settings.ts'
import type { Walls } from './walls.ts'
import type { Archive, ArchiveFile } from '../archive/index.ts'
import type { DeviceRole } from '../identity/index.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { AbortOptions, Clock, Random, Store } from '../interface.ts'
import type { Invite, Pairing as PairingLink } from '../invite/index.ts'
import type { Log } from '../log/index.ts'
import type { Media } from '../media/index.ts'
import type { NetworkInit, SupervisedRelay } from '../network/index.ts'
import type { JoinOptions, PairingHost } from '../pairing/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { MediaRef } from '../wall/index.ts'

export interface PeerInit {
  /** A phone or browser is a `client`, a node that is always on is `home` */
  role: DeviceRole
  store: Store
  /** Blocks of media; may be a part of `store` */
  blocks: Store
  keys: KeyStore
  /**
   * The store was damaged and had to be repaired, so it may lack the latest entries of this device: it writes again once it has heard from
   * somebody who has its wall, since a second entry at one place would split its chain for good. A store that was merely not closed needs
   * none of this: nothing leaves a device before it is durable there. @default false
   */
  repaired?: boolean
  clock?: Clock
  random?: Random
  /** What the platform adds: TCP, addresses to listen on */
  network?: Pick<NetworkInit, 'transports' | 'listen' | 'announce'>
  /** Dispatches `wake` when it is worth trying to connect at once: back online, awake, in view again */
  wake?: EventTarget
}

export interface ConnectionView {
  light: 'green' | 'yellow' | 'orange' | 'red'
  relays: SupervisedRelay[]
  /** Own other devices and contacts connected right now */
  people: Array<{ identity: IdentityId, own: boolean, home: boolean, name: string, path: 'direct' | 'webrtc' | 'relayed' }>
}

export interface Delivery {
  relays: number
  home: boolean
}

export interface Watch {
  /**
   * Resolves when somebody who has the wall has sent all of it. As long as nobody is found who has it, it goes on waiting: whoever looks
   * decides by the signal for how long.
   *
   * @throws {NotWatchedError} once released
   */
  caughtUp (options?: AbortOptions): Promise<void>
  /** Ends one's interest; the wall goes on coming while it is followed or somebody else looks at it */
  release (): void
}

export interface PairingOffer {
  link: string
  expires: number
  done: Promise<void>
  cancel (): void
}

export interface PairOptions extends JoinOptions {
  /** Entries of one's own that are here, and those that are known to be elsewhere: both may grow */
  onProgress? (done: number, total: number): void
}

export interface PeerEvents {
  /** What `connection()` says may have changed */
  'connection:changed': CustomEvent<undefined>
  /** Joined, restored, paired; follows, relays or settings changed */
  'session:changed': CustomEvent<undefined>
  /** What `posts.waiting()` lists is different now */
  'waiting:changed': CustomEvent<undefined>
}

export interface Peer extends EventTarget {
  readonly account: Account
  readonly log: Log
  readonly walls: Walls
  readonly posts: Posts
  readonly media: Media
  readonly settings: Settings
  readonly deliveries: Deliveries
  readonly devices: Devices
  readonly keys: Keys

  /** Idempotent. Succeeds without any network */
  start (): Promise<void>
  /** Idempotent */
  stop (): Promise<void>

  connection (): ConnectionView
  /** Milliseconds to a connected peer and back. @param peer - text of its PeerId */
  roundTrip (peer: string): Promise<number>
  /** Tries every relay and device at once */
  reconnect (): void
  /** Connects to a relay from now on and keeps it as one's own */
  addRelay (info: RelayInfo): Promise<void>

  /** A new identity; its first profile is durable when this resolves */
  join (name: string): Promise<void>
  /** @throws {WrongPassphraseError} and the other errors of `openBackup`; nothing changes then */
  restore (backup: Uint8Array, passphrase: string, options?: BackupOptions): Promise<void>
  /**
   * When every device is lost: fetches the wall from whoever has it at these relays, makes this a device of its owner and closes all others,
   * each at the last of its entries that came; what own devices shared comes back if anybody has it. Nothing is different when it fails.
   *
   * @throws {WallAwayError} if nobody who has the wall can be reached
   * @throws {AlreadyJoinedError}
   */
  recover (init: RecoverInit, options?: RecoverOptions): Promise<void>
  backup (passphrase: string, options?: BackupOptions): Promise<Uint8Array>

  /** Everything of one's own as one file. @throws {NotJoinedError | ArchiveTooLargeError}, with a passphrase also {NoRootError} */
  exportArchive (options?: ExportOptions): Promise<Archive>
  /**
   * Takes in what `exportArchive` made: on a device of the same identity adds what is missing, where nobody has joined lets the wall be read, and
   * with the passphrase of its keys makes this device a new one of its owner. Nothing is different when it fails; after a kill it is called again.
   *
   * @throws {NotAnArchiveError | ArchiveCutShortError | ArchiveDamagedError | ArchiveNewerError | ArchiveTooLargeError}
   * @throws {ForeignArchiveError} if it is of another identity than that of this device
   * @throws {ArchiveWithoutKeysError | WrongPassphraseError} if the passphrase opens nothing
   */
  importArchive (file: ArchiveFile, options?: ImportOptions): Promise<Imported>

  follow (space: SpaceId, relays: RelayInfo[]): Promise<void>
  unfollow (space: SpaceId): Promise<void>
  /** Keeps a wall coming while somebody looks at it, followed or not */
  watch (space: SpaceId, relays: RelayInfo[]): Promise<Watch>

  /** A link to one's wall whose holder may connect directly */
  createInvite (options: { uses: number, lifetime: number }): Promise<string>
  /** A link without a token */
  createPublicLink (): Promise<string>
  /** Remembers whose invite was opened: relays to read the wall at, and the token for when one joins */
  acceptInvite (invite: Invite): Promise<void>
  setDirect (on: boolean): Promise<void>

  /**
   * Shows a link that makes another device one of one's own. `confirm` asks the person whether the other device shows the same code; without
   * it whoever has the link is admitted.
   */
  offerPairing (options?: Pick<PairingHost, 'confirm'>): Promise<PairingOffer>
  /**
   * Becomes a device of the identity that made the link. Nothing changes when it fails. Resolves once what one has on the other device is
   * here; if that goes away before, or nothing more comes for 20 s, at once: the rest comes by itself, also after a restart.
   *
   * @throws {PairingRefusedError | PairingForgedError | PairingDeclinedError} if the link has expired, was used or is not good, or the codes
   * were said to differ
   * @throws {NoRelayError | DeviceAwayError} if the other device cannot be reached
   * @throws {AlreadyJoinedError}
   */
  pair (link: PairingLink, deviceName: string, options?: PairOptions): Promise<void>

  /** A home node that belongs to nobody: what makes it somebody's, for the address that the browser is opened with */
  offerClaim (): Promise<string>
  /** Makes a home node on the same relay one's own; `claim` is what its `offerClaim` gave. @throws {PairingRefusedError | MalformedError} */
  claimHome (claim: string): Promise<void>

  /** A file of a wall, from here or from whoever has it */
  fetch (space: SpaceId, ref: Pick<MediaRef, 'cid' | 'size'>, options?: AbortOptions & { onProgress? (done: number, total: number): void }): Promise<Uint8Array>
  /** Where an own post is, from receipts only */
  delivery (post: { chain: { space: SpaceId, identity: IdentityId, device: string }, seq: number, images?: Array<{ small: MediaRef, large: MediaRef }> }): Delivery

  addEventListener<K extends keyof PeerEvents> (type: K, listener: (event: PeerEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof PeerEvents> (type: K, listener: (event: PeerEvents[K]) => void): void
}

export { createPeer } from './create.ts'
export {
  AlreadyJoinedError, DeviceAwayError, DeviceClosedError, NoRelayError, NoRootError, NoSuchDeviceError, NoSuchPostError,
  NotJoinedError, NotWatchedError, PeerStoppedError, TooManyWaitingError, WallAwayError
} from './errors.ts'
export type { Account, AccountEvents, Me, OwnSecrets } from './account.ts'
export type { ExportOptions, Imported, ImportOptions } from './archives.ts'
export type { BackupOptions } from './backups.ts'
export type { Devices, DevicesEvents, OwnDevice } from './devices.ts'
export type { KeyStore, SecretName } from './key-store.ts'
export type { KeyOwner, KeyRow, Keys, KeyState } from './keys.ts'
export type { RecoverInit, RecoverOptions, RecoverProgress } from './recovery.ts'
export type { Waiting } from './waiting.ts'
