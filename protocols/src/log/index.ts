/** What: chains of signed entries, kept in a Store. Rules: specs/log.md. */
import type { SignedRecord, Signer } from '../identity/index.ts'
import type { EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { AbortOptions, Clock, Store } from '../interface.ts'
import type { ChainKey, Entry, SealedHeader } from './entry.ts'
import type { Branch } from './fork-proof.ts'
import type { Range } from './ranges.ts'
import type { Refusal } from './take.ts'

export { decodeEntry, encodeEntry, readEntry, signEntry, verifyEntry } from './entry.ts'
export type { ChainKey, Entry, EntryHeader, SealedHeader } from './entry.ts'
export { ForkedChainError, NotAWriterError, UnknownVersionError } from './errors.ts'
export { decodeForkProof, makeForkProof } from './fork-proof.ts'
export type { Branch, ForkProof } from './fork-proof.ts'
export { createLog } from './log.ts'
export { below, difference, rangeOf, union } from './ranges.ts'
export type { Range } from './ranges.ts'

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
  refused: Array<{ entry: Entry, reason: Refusal }>
}

/** What of a chain may be shown to other peers: without what is hidden by a fork or lies above a cut */
export interface ChainView extends ChainKey {
  /** Ascending, disjoint, not adjacent; may be empty */
  ranges: Range[]
  /** The highest of them */
  head?: { seq: number, id: EntryId }
  fork?: number
}

/** An entry as it is stored and travels */
export interface StoredEntry {
  seq: number
  bytes: Uint8Array
}

/**
 * Makes the payload of an entry from its header. Others who append in the space, or take entries from outside, wait until it is done, so
 * it must not wait for the log. If it fails, so does `append`, and nothing was written.
 */
export type Seal = (header: SealedHeader) => Promise<Uint8Array>

export type AppendInit = {
  space: SpaceId
  identity: IdentityId
  /** Sequence number of one's own newest identity record */
  rec: number
  time: number
} & (
  { payload: Uint8Array, epoch?: undefined } |
  { payload: Seal, /** 16 bytes that commit to the key under which it seals */ epoch: Uint8Array }
)

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
  /**
   * Entries held before may count now, or no longer: ask `counts` again for all of this chain. `views` tells whether what may be shown of
   * it to other peers changed as well, otherwise than by the entries that were added
   */
  'counts:changed': CustomEvent<{ chain: ChainKey, views: boolean }>
}

export interface LogInit {
  store: Store
  clock: Clock
  /**
   * Whether an identity may have chains in a space. Asked for every chain that comes from outside.
   *
   * @default only the owner, in the owner's public wall
   */
  mayWrite? (space: SpaceId, identity: IdentityId): boolean
  /**
   * `heads`: a signed entry vouches for those it links to. `all`: each entry's own signature has to be good as well, which takes
   * several times as long.
   *
   * @default 'heads'
   */
  signatures?: 'heads' | 'all'
}

export interface Log extends EventTarget {
  /**
   * Appends to one's own chain; resolves once a power cut cannot undo it. Calls for one chain are done one after the other. A payload that
   * is sealed is made in its turn, when the place in the chain to which it is bound is known.
   *
   * @throws {NotAWriterError} if one's own record, which must be known, does not list the device as open
   * @throws {ForkedChainError} if the chain has split
   */
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
  /** Entries as they are stored, at most `limit` of them, without reading them */
  readStored (chain: ChainKey, options?: ReadOptions & { limit?: number }): AsyncIterable<StoredEntry>
  /** Forgets a payload; the entry stays and the chain still verifies */
  dropPayload (chain: ChainKey, seq: number): Promise<void>
  /** Forgets a space altogether */
  dropSpace (space: SpaceId): Promise<void>

  record (identity: IdentityId): Promise<SignedRecord | undefined>
  /** Keeps a verified record if it stands above the one known; says whether it did. Resolves once durable */
  putRecord (record: SignedRecord): Promise<boolean>
  /** Forgets the record of an identity, unless something of its public wall is held. What is held of it elsewhere is not offered any more */
  dropRecord (identity: IdentityId): Promise<void>
  /**
   * What counts of a device in a private space once it is closed: said by whoever reads the space, again after each opening of the log, and for
   * that space the same as the cut of a record for the public wall. Null: nothing
   */
  setCut (chain: ChainKey, cut: EntryId | null): Promise<void>
  /** Identities that have chains in a space */
  authors (space: SpaceId): Promise<IdentityId[]>
  /** Whether an entry counts, as far as its author's record and known forks tell: of a closed device only in the public wall */
  counts (entry: Entry): Promise<boolean>

  /** Whether an identity may have chains in a space */
  mayWrite (space: SpaceId, identity: IdentityId): boolean
  /** What may be offered to other peers of each chain of a space */
  views (space: SpaceId): Promise<ChainView[]>
  /** The ids held at some places of a chain, in the order asked */
  ids (chain: ChainKey, seqs: number[]): Promise<Array<EntryId | undefined>>
  /** Headers from a signed entry down to a place: one side of a fork proof. Undefined if the place is not held */
  branch (chain: ChainKey, seq: number): Promise<Branch | undefined>
  /** The proof that a chain has split, as bytes that any peer can check */
  forkProof (chain: ChainKey): Promise<Uint8Array | undefined>
  /**
   * Verifies and keeps a fork proof of a device that its identity's record names, and says whether it told something new.
   *
   * @throws {MalformedError | LimitExceededError | MalformedIdError | UnknownVersionError | InvalidSignatureError} if it proves nothing
   */
  addForkProof (bytes: Uint8Array): Promise<boolean>

  addEventListener<K extends keyof LogEvents> (type: K, listener: (event: LogEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof LogEvents> (type: K, listener: (event: LogEvents[K]) => void): void
}
