/**
 * Media: UnixFS in Helia over one's own libp2p. A file is a tree of blocks named by their hash; blocks are asked of the given providers and of
 * nobody else; a relay fetches through what it does not hold. Rules: specs/media.md.
 */
import { startMedia } from './media.ts'
import type { Copies } from './copies.ts'
import type { PinRegistry } from './pin-registry.ts'
import type { DurableBlockstore } from './store-blockstore.ts'
import type { AbortOptions, Clock, Store } from '../interface.ts'
import type { Libp2p, PeerId, Startable } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

export {
  MalformedImageError, MalformedMediaError, MediaLimitError, MediaQuotaError, MediaUnavailableError, PinRefusedError, UnsupportedImageError
} from './errors.ts'
export { hasMetadata, imageKind, imageSize, stripImage } from './strip/index.ts'
export type { ImageKind, ImageSize } from './strip/index.ts'
export { decodePinReceipt, signPinReceipt } from './pin-receipt.ts'
export { pinRegistry } from './pin-registry.ts'
export { PIN_PROTOCOL, pins } from './pins.ts'
export { memoryCache, quotaBlockstore } from './quota-blockstore.ts'
export { storeBlockstore } from './store-blockstore.ts'
export { storeDatastore } from './store-datastore.ts'
export type { Copies, CopyOptions } from './copies.ts'
export type { PinFailure, PinRoot } from './pin-messages.ts'
export type { PinReceipt } from './pin-receipt.ts'
export type { PinAnswer, Pins, PinsComponents, PinsInit } from './pins.ts'
export type { PinRegistry } from './pin-registry.ts'
export type { QuotaBlockstore, QuotaBlockstoreInit, SizedBlockstore } from './quota-blockstore.ts'
export type { DurableBlockstore, StoreBlockstore } from './store-blockstore.ts'

export interface FetchOptions extends AbortOptions {
  /** Whom to ask, the nearest first: own home node and relays, then friends. Wants go to them only */
  providers: PeerId[]
  onProgress? (done: number, total: number): void
}

export interface Media extends Copies {
  /** Chunks of 256 KiB, CID version 1, raw leaves; durable once resolved. A file of one chunk is a single raw block */
  add (bytes: Uint8Array): Promise<{ cid: CID, size: number }>
  /**
   * The whole file; from here, or else from the providers. Bounded by `size` as announced in the entry.
   *
   * @throws {MediaUnavailableError | MalformedMediaError | MediaLimitError}
   */
  get (cid: CID, size: number, options: FetchOptions): Promise<Uint8Array>
  /** Whether every block of the file is here */
  has (cid: CID): Promise<boolean>
  /**
   * Fetches every block that is missing and keeps the file from being dropped; bounded in depth, width and bytes. Durable once resolved.
   * Idempotent. `size` and `maxBytes` count the bytes of all blocks, each once.
   *
   * @throws {MediaUnavailableError | MalformedMediaError | MediaLimitError}
   */
  pin (cid: CID, options: FetchOptions & { maxBytes: number }): Promise<{ size: number }>
  /** Lets the blocks go that nothing else pins */
  unpin (cid: CID): Promise<void>
  isPinned (cid: CID): Promise<boolean>
  pins (options?: AbortOptions): AsyncIterable<{ cid: CID, size: number }>
}

export interface MediaInit {
  libp2p: Libp2p
  /** Used by nothing else: pins, records of Helia and, unless there is a `blockstore`, the blocks */
  store: Store
  /** @default storeBlockstore(store) */
  blockstore?: DurableBlockstore
  /**
   * Of all blocks together, when there is no `blockstore`: those that are not pinned go, the least recently used first.
   *
   * @default no limit
   */
  maxBytes?: number
  /** The registry that `blockstore` asks what it must keep; @default pinRegistry(store) */
  pins?: PinRegistry
  /** Whether a peer gets blocks from here; @default everybody who knows their CIDs */
  admits? (peer: PeerId): boolean
  /**
   * A relay: whom to ask for blocks that a peer wants and that are not here; connected peers, the nearest first.
   *
   * @default nobody
   */
  sourcesFor? (peer: PeerId): PeerId[]
  clock?: Clock
}

/**
 * Starts at once; `stop` does not stop libp2p.
 *
 * @example
 *
 * ```ts
 * const media = await createMedia({ libp2p, store: prefixStore(store, 'media') })
 * const { cid, size } = await media.add(bytes)
 * await media.pin(cid, { providers: [], maxBytes: 2 * size })
 * ```
 */
export async function createMedia (init: MediaInit): Promise<Media & Startable> {
  return startMedia(init)
}
