/** What: chains of signed entries, kept in a Store. Rules: specs/log.md. */
import type { AbortOptions, Clock, Store } from '../interface.ts'
import type { EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { SignedRecord, Signer } from '../identity/index.ts'
import type { ChainKey, Entry } from './entry.ts'

export { decodeEntry, encodeEntry, readEntry, signEntry, verifyEntry } from './entry.ts'
export type { ChainKey, Entry, EntryHeader } from './entry.ts'

/** Sequence numbers held without a gap, both included */
export interface Range {
  from: number
  to: number
}

/** What is held of one chain */
export interface ChainState extends ChainKey {
  /** Ascending, disjoint, not adjacent */
  ranges: Range[]
  /** The highest entry held; its signature was verified */
  head: { seq: number, id: EntryId }
  /** Set once two entries at one place are known: lowest sequence number at which they differ */
  fork?: number
}

export interface IngestResult {
  /** New in the log, in the order given; durable by now */
  added: Entry[]
  /** Were there already */
  known: number
  /** Not taken, each with the reason; honest peers can cause `unlinked` and `unknown-device`, the others are somebody's fault */
  refused: Array<{ entry: Entry, reason: 'unlinked' | 'unknown-device' | 'closed' | 'bad-signature' | 'wrong-space' | 'fork' | 'too-many-chains' }>
}

export interface AppendInit {
  space: SpaceId
  identity: IdentityId
  /** Sequence number of one's own newest identity record */
  rec: number
  payload: Uint8Array
  time: number
  epoch?: Uint8Array
}

export interface ReadOptions extends AbortOptions {
  /** @default 0 */
  from?: number
  /** Included; @default the head */
  to?: number
  /** Newest first; @default false */
  reverse?: boolean
}

export interface LogEvents {
  /** After entries of a space, own or from a peer, became durable */
  'entries:added': CustomEvent<{ space: SpaceId, entries: Entry[] }>
  /** A record that replaces the one known, if any */
  'record:changed': CustomEvent<{ record: SignedRecord }>
  'fork:found': CustomEvent<{ chain: ChainKey, seq: number }>
}

export interface LogInit {
  store: Store
  clock: Clock
}

export interface Log extends EventTarget {
  /** Appends to one's own chain; resolves once a power cut cannot undo it. Calls for one chain are done one after the other */
  append (signer: Signer, init: AppendInit): Promise<Entry>

  /**
   * Takes entries from outside: runs of one chain each, newest first, as they travel. An entry is authentic when the entry above it,
   * already held or earlier in the run, names it as `prev`, or when its own signature verifies. Resolves once durable.
   */
  ingest (space: SpaceId, entries: Entry[]): Promise<IngestResult>

  chains (space: SpaceId): Promise<ChainState[]>
  chain (key: ChainKey): Promise<ChainState | undefined>
  /** Spaces of which anything is held */
  spaces (): Promise<SpaceId[]>
  read (chain: ChainKey, options?: ReadOptions): AsyncIterable<Entry>
  get (chain: ChainKey, seq: number): Promise<Entry | undefined>
  /** Forgets a payload; the entry stays and the chain still verifies */
  dropPayload (chain: ChainKey, seq: number): Promise<void>
  /** Forgets a space altogether */
  dropSpace (space: SpaceId): Promise<void>

  record (identity: IdentityId): Promise<SignedRecord | undefined>
  /** Keeps a verified record if it stands above the one known; says whether it did. Resolves once durable */
  putRecord (record: SignedRecord): Promise<boolean>
  /** Identities that have chains in a space */
  authors (space: SpaceId): Promise<IdentityId[]>
  /** Whether an entry counts, as far as its author's record and known forks tell */
  counts (entry: Entry): Promise<boolean>

  addEventListener<K extends keyof LogEvents> (type: K, listener: (event: LogEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof LogEvents> (type: K, listener: (event: LogEvents[K]) => void): void
}

