/** The view: payload kinds, and the pure reducer from entries to a wall. Rules: specs/wall.md. */
import type { EntryId, IdentityId } from '../ids.ts'
import type { ChainKey, Entry } from '../log/entry.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { CID } from 'multiformats/cid'

/** A file in the mesh: UnixFS root, and what a reader must know before it fetches */
export interface MediaRef {
  cid: CID
  /** Bytes of the file */
  size: number
  /** Media type, for example `image/jpeg` */
  type: string
  width: number
  height: number
}

export interface ImageRef {
  /** At most 1,280 px on the longer side */
  small: MediaRef
  /** At most 2,560 px on the longer side; the same as `small` for a small picture */
  large: MediaRef
  /** A picture of some 16 × 16 px, WebP or JPEG, at most 1,024 bytes: shown blurred until the small one is there */
  blur: Uint8Array
  /** What is to be seen, for those who cannot see it; may be empty */
  alt: string
}

export interface PostContent {
  /** Markdown subset */
  text: string
  /** BCP 47 */
  lang?: string
  /** Shown instead of the content until the reader asks */
  warning?: string
  images?: ImageRef[]
}

export type Payload =
  | { kind: 'post' } & PostContent
  /** Replaces the content of a post of the same author; `after`: the edits it was made upon */
  | { kind: 'edit', of: EntryId, after: EntryId[] } & PostContent
  /** Deletes an entry of the same author; its payload and media go */
  | { kind: 'tombstone', of: EntryId }
  | { kind: 'profile', name: string, bio?: string, avatar?: ImageRef, after: EntryId[] }
  /** Where the wall can be had: public relays */
  | { kind: 'reach', relays: RelayInfo[], after: EntryId[] }
  /** A kind of a later version: kept and passed on */
  | { kind: 'unknown', name: string }

export interface PostView extends PostContent {
  id: EntryId
  chain: ChainKey
  seq: number
  author: IdentityId
  /** The author's claim, in milliseconds; never later than first sight */
  time: number
  editedAt?: number
}

export interface WallView {
  owner: IdentityId
  /** Undefined until a profile has arrived */
  profile?: { name: string, bio?: string, avatar?: ImageRef }
  relays: RelayInfo[]
  /** Newest first, by (time, id) */
  posts: PostView[]
}

/** A wall that is being read: entries in, view out; order of arrival does not matter and no clock is read */
export interface Wall {
  /**
   * Takes an entry; adding one again, or with its payload now, is harmless. `firstSeen`: when it was first seen here, for posts from the future.
   *
   * @returns ids of entries whose payload is to be dropped now, because of tombstones
   */
  add (entry: Entry, firstSeen: number): EntryId[]
  /** Takes an entry out again: a fork was found, or a device was closed below it */
  remove (id: EntryId): void
  has (id: EntryId): boolean
  /** A post from the future shows at first sight's time. The same object until something changes */
  view (): WallView
  /** Every UnixFS root the wall needs now: what a home node pins */
  media (): MediaRef[]
  /** Where the entry of a post is, also of a deleted one */
  locate (id: EntryId): { chain: ChainKey, seq: number } | undefined
  /** Ids that the next profile, reach, or edit of a post must name in `after`, the one that is shown first */
  current (of: 'profile' | 'reach' | EntryId): EntryId[]
}

export { decodePayload, encodePayload } from './payload.ts'
export { leaves } from './replaceable.ts'
export type { Version } from './replaceable.ts'
export { createWall } from './wall.ts'
export { MAX_AFTER, MAX_BLUR_BYTES, MAX_LANG_CHARACTERS, MAX_WARNING_BYTES } from './constants.ts'
