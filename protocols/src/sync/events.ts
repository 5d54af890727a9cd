/** What the state machine of a sync stream is told, and what it asks for in return. */
import type { Frame, RecordMark, TrailPoint } from './frames.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Branch, ChainKey, ChainView, IngestResult, Range } from '../log/index.ts'

/** What the log holds of a space, as far as it may be shown */
export interface Summary {
  records: RecordMark[]
  chains: ChainView[]
}

export type SyncEvent =
  /** Somebody here wants the space kept in step; it is admitted */
  | { type: 'open', space: SpaceId, receipts: boolean }
  | { type: 'close', space: SpaceId }
  /** Answers `load` */
  | { type: 'loaded', space: SpaceId, summary: Summary }
  /** Answers `load` or `ingest`: the space may not be had by the peer, or there is no room for more of it */
  | { type: 'denied', space: SpaceId }
  | { type: 'frame', frame: Frame }
  /** Entries were read from a frame: the other side has them */
  | { type: 'received', space: SpaceId, chain: ChainKey, ranges: Range[] }
  /** Answers `ingest` */
  | { type: 'ingested', space: SpaceId, result: IngestResult }
  /** Entries became durable in the log, from wherever */
  | { type: 'added', space: SpaceId, chain: ChainKey, ranges: Range[] }
  /** A record became durable in the log */
  | { type: 'record', space: SpaceId, mark: RecordMark, bytes: Uint8Array }
  /** Records, forks or what counts of the space have changed: tell anew. With an identity: its record has changed */
  | { type: 'changed', space: SpaceId, identity?: IdentityId }
  /** Answers `compare`: the highest place below all differences where both have the same entry, and the lowest where they differ */
  | { type: 'compared', chain: ChainKey, same?: number, differs?: number }
  /** Answers `read`: what of the slice went out, and how many bytes; what did not fit in `rest` */
  | { type: 'sent', space: SpaceId, chain: ChainKey, bytes: number, slice: Range, ranges: Range[], rest?: Range }
  /** The stream takes more entries */
  | { type: 'ready' }

export type Effect =
  | { type: 'send', frame: Frame }
  /** Ask whether the peer may have the space, and read what the log holds */
  | { type: 'load', space: SpaceId, remote: boolean }
  /** Read stored entries from `to` down to `from`, as many as fit a frame, and send them */
  | { type: 'read', space: SpaceId, chain: ChainKey, from: number, to: number, maxBytes: number }
  | { type: 'ingest', space: SpaceId, entries: Uint8Array[] }
  | { type: 'put-records', space: SpaceId, records: Uint8Array[] }
  | { type: 'send-records', space: SpaceId, identities: IdentityId[] }
  | { type: 'add-proof', space: SpaceId, proof: Uint8Array }
  | { type: 'send-proof', chain: ChainKey }
  | { type: 'compare', chain: ChainKey, points: TrailPoint[] }
  | { type: 'answer-trace', chain: ChainKey, from: number, to: number }
  | { type: 'answer-branch', chain: ChainKey, seq: number }
  /** Join the other side's branch with one's own to a proof */
  | { type: 'prove', chain: ChainKey, branch: Branch }
  | { type: 'read-receipts', space: SpaceId, receipts: Uint8Array[] }
  /** Sign what is durable of these chains; of all if none are named */
  | { type: 'sign-receipts', space: SpaceId, chains?: ChainKey[] }
  | { type: 'notify', event: 'space:opened' | 'space:caught-up' | 'space:refused', space: SpaceId }
  | { type: 'fail', error: Error }

/** An event of one type */
export type EventOf<T extends SyncEvent['type']> = Extract<SyncEvent, { type: T }>

/** Events of a space that is known, without those that end it or count for the whole stream */
export type SpaceEvent = Exclude<SyncEvent, { type: 'frame' | 'ready' | 'open' | 'close' | 'denied' | 'ingested' | 'sent' }>

/** Frames about a space that is known, without those that begin or end it, or carry entries */
export type SpaceFrame = Exclude<Frame, { type: 'have' | 'entries' | 'more' | 'close' | 'refused' }>
