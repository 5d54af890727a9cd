/** Media: UnixFS in Helia over one's own libp2p. Rules: specs/media.md. */
import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { AbortOptions } from '../interface.ts'

export interface FetchOptions extends AbortOptions {
  /** Whom to ask, the nearest first: own home node and relays, then friends. Wants go to them only */
  providers: PeerId[]
  onProgress? (done: number, total: number): void
}

export interface Media {
  /** Chunks of 256 KiB, CID version 1, raw leaves; durable once resolved. A file of one chunk is a single raw block */
  add (bytes: Uint8Array): Promise<{ cid: CID, size: number }>
  /** The whole file; from here, or else from the providers. Bounded by `size` as announced in the entry */
  get (cid: CID, size: number, options: FetchOptions): Promise<Uint8Array>
  /** Whether every block of the file is here */
  has (cid: CID): Promise<boolean>
  /** Fetches every block that is missing and keeps the file from being dropped; bounded in depth, width and bytes. Durable once resolved */
  pin (cid: CID, options: FetchOptions & { maxBytes: number }): Promise<{ size: number }>
  /** Lets the blocks go that nothing else pins */
  unpin (cid: CID): Promise<void>
}
