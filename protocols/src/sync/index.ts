/**
 * sync `/pergola/sync/1.0.0`: the truth. One stream for each pair of peers carries any number of spaces: each side says what it has,
 * the other streams what is missing, newest first; the stream stays open and live entries are pushed over it. Rules: specs/sync.md.
 */
import type { IdentityId, SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { Receipt, ReceiptSigner } from './receipt.ts'
import type { ChainKey, Log } from '../log/index.ts'
import type { PeerId, Startable } from '@libp2p/interface'

export { SYNC_PROTOCOL } from './constants.ts'
export { NotAdmittedError, NotConnectedError, SyncFloodError } from './errors.ts'
export { decodeReceipt, signReceipt } from './receipt.ts'
export type { Receipt, ReceiptSigner } from './receipt.ts'
export { sync } from './sync.ts'
export type { SyncComponents } from './sync.ts'

export interface SyncInit {
  log: Log
  /**
   * Whether entries of a space may go to, and come from, a peer. Asked anew at each `open` of either side.
   */
  admits (space: SpaceId, peer: PeerId): boolean | Promise<boolean>
  /**
   * Whether there is room for what a peer sent of a space: asked before it is written, never of one's own. If not, the space is refused on
   * that stream, and what was taken before stays. With an identity these bytes are its record.
   *
   * @default always
   */
  takes? (space: SpaceId, peer: PeerId, bytes: number, recordOf?: IdentityId): boolean | Promise<boolean>
  /** Relays and home nodes sign receipts for what became durable here; others leave this out */
  receipts?: ReceiptSigner
}

export interface SyncOpenOptions extends AbortOptions {
  /** Ask for receipts of what the other side holds; only one's own relays and home nodes give them; @default false */
  receipts?: boolean
}

/** What the other side of a sync has of a space by its own account: it named it, or sent it. What it was sent from here is not in it */
export interface Shown {
  /** Any identity record */
  record: boolean
  /** Those of which it has entries; in no order, and one may stand there twice */
  chains: ChainKey[]
}

export interface SyncEvents {
  /** The other side has sent everything it announced when the space was opened on this stream; that may be nothing (`shown`) */
  'space:caught-up': CustomEvent<{ peer: PeerId, space: SpaceId }>
  /** Verified: signature and form; whether `by` is one's own relay or home is for the listener to judge */
  'receipt:received': CustomEvent<{ peer: PeerId, receipt: Receipt }>
  /** A remote peer opened a space that is admitted */
  'space:opened': CustomEvent<{ peer: PeerId, space: SpaceId }>
  /** The other side does not share the space, or no longer */
  'space:refused': CustomEvent<{ peer: PeerId, space: SpaceId }>
  /** No more sync with this peer, for whatever reason: open again when connected again */
  'stream:closed': CustomEvent<{ peer: PeerId }>
}

export interface Sync extends Startable, EventTarget {
  /**
   * Begins to keep a space in step with a connected peer, in both directions, until the stream ends or `close`. Runs over limited connections too. Idempotent.
   *
   * @throws {NotAdmittedError} if `admits` says no
   * @throws {NotConnectedError} if there is no connection to the peer: this dials nobody
   * @throws {NotStartedError} before `start` and after `stop`
   */
  open (peer: PeerId, space: SpaceId, options?: SyncOpenOptions): Promise<void>
  close (peer: PeerId, space: SpaceId): Promise<void>
  /** Peers with which a space is open and admitted by both sides */
  peers (space: SpaceId): PeerId[]
  /** What a peer has of a space; nothing as long as the space is not open with it */
  shown (peer: PeerId, space: SpaceId): Shown

  addEventListener<K extends keyof SyncEvents> (type: K, listener: (event: SyncEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof SyncEvents> (type: K, listener: (event: SyncEvents[K]) => void): void
}
