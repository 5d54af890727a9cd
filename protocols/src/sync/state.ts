/**
 * One sync stream as a state machine: events in, effects out. It reads no clock, no log and no network.
 *
 * Both sides say what they have of a space (`have`). Each then knows what the other lacks: records first, fork proofs, then entries,
 * the newest of every chain first. What comes into the log later is added to what the other lacks, so live entries take the same way.
 * A `have` may be repeated at any time and replaces the one before. Rules: specs/sync.md.
 */
import { LimitExceededError } from '../errors.ts'
import { MAX_CHAINS_PER_SPACE, MAX_SYNC_ROUND_BYTES, MAX_SYNC_SPACES, SYNC_FRAME_BYTES } from '../limits.ts'
import { difference, rangeOf, union } from '../log/ranges.ts'
import { FIRST_SLICE_ENTRIES, GRANT_BYTES, MAX_BAD_ENTRIES, MAX_KNOWN_RANGES, MAX_SEARCHES, MAX_SEARCH_ROUNDS, MAX_SLICE_ENTRIES } from './constants.ts'
import { SyncFloodError } from './errors.ts'
import { haveFrames } from './frames.ts'
import type { EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { Frame, RecordMark, TrailPoint } from './frames.ts'
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
  /** Answers `load`: the space may not be had by the peer */
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
  /** Records, forks or what counts of the space have changed: tell anew */
  | { type: 'changed', space: SpaceId }
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

interface Theirs {
  ranges: Range[]
  head?: { seq: number, id: EntryId }
  fork?: number
}

interface Pending {
  key: ChainKey
  /** What the other side lacks and we hold */
  ranges: Range[]
  slice: number
}

interface Search {
  low: number
  high: number
  rounds: number
}

class SpaceState {
  /** Opened from here */
  local = false
  askReceipts = false
  wantsReceipts = false
  mine?: Summary
  loading = false
  loadAgain = false
  tellAgain = true
  compareDue = false
  theirs = new Map<string, Theirs>()
  theirRecords = new Map<IdentityId, RecordMark>()
  /** All parts of their `have` are there */
  complete = false
  pending = new Map<string, Pending>()
  reading = false
  caughtUp = true
  searches = new Map<string, Search>()
  retried = false
}

function nameOf (chain: { identity: IdentityId, device: string }): string {
  return chain.identity + chain.device
}

function isLower (a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) {
      return a[i] < b[i]
    }
  }

  return false
}

/** Whether the record of the first mark stands above the other's */
function standsAbove (mark: RecordMark, other: RecordMark | undefined): boolean {
  return other == null || mark.seq > other.seq || (mark.seq === other.seq && isLower(mark.hash, other.hash))
}

export class SyncState {
  private readonly spaces = new Map<SpaceId, SpaceState>()
  /** Bytes of entries that may still be sent */
  private credit = MAX_SYNC_ROUND_BYTES
  /** Bytes of entries that the other side may still send */
  private allowance = MAX_SYNC_ROUND_BYTES
  /** Bytes dealt with and not yet granted again */
  private owed = 0
  private bad = 0
  private effects: Effect[] = []

  handle (event: SyncEvent): Effect[] {
    this.effects = []

    if (event.type === 'frame') {
      this.onFrame(event.frame)
    } else if (event.type === 'ready') {
      this.onReady()
    } else if (event.type === 'open') {
      this.onOpen(event.space, event.receipts)
    } else {
      const space = 'space' in event ? event.space : event.chain.space
      const state = this.spaces.get(space)

      if (state != null) {
        this.onSpaceEvent(state, space, event)
      } else if (event.type === 'sent') {
        this.credit -= event.bytes
      }
    }

    return this.effects
  }

  /** Spaces open on this stream and told by both sides */
  isShared (space: SpaceId): boolean {
    const state = this.spaces.get(space)

    return state?.mine != null && state.complete
  }

  has (space: SpaceId): boolean {
    return this.spaces.has(space)
  }

  openSpaces (): SpaceId[] {
    return [...this.spaces.keys()]
  }

  private do (effect: Effect): void {
    this.effects.push(effect)
  }

  private onSpaceEvent (state: SpaceState, space: SpaceId, event: Exclude<SyncEvent, { type: 'frame' | 'ready' | 'open' }>): void {
    switch (event.type) {
      case 'close':
        this.spaces.delete(space)
        this.do({ type: 'send', frame: { type: 'close', space } })
        break
      case 'loaded':
        this.onLoaded(state, space, event.summary)
        break
      case 'denied':
        this.spaces.delete(space)
        this.do({ type: 'send', frame: { type: 'refused', space } })
        break
      case 'received':
        this.onReceived(state, event)
        break
      case 'ingested':
        this.onIngested(state, space, event.result)
        break
      case 'added':
        this.addPending(state, event.chain, event.ranges)

        if (state.wantsReceipts) {
          this.do({ type: 'sign-receipts', space, chains: [event.chain] })
        }
        break
      case 'record':
        if (state.complete && standsAbove(event.mark, state.theirRecords.get(event.mark.identity))) {
          state.theirRecords.set(event.mark.identity, event.mark)
          this.do({ type: 'send', frame: { type: 'records', space, records: [event.bytes] } })
        }

        state.retried = false
        break
      case 'changed':
        this.reload(state, space, true)
        break
      case 'compared':
        this.onCompared(state, event)
        break
      case 'sent':
        this.onSent(state, event)
        break
      // no default
    }
  }

  private onOpen (space: SpaceId, receipts: boolean): void {
    const known = this.spaces.get(space)

    if (known == null) {
      const state = this.create(space)

      state.local = true
      state.askReceipts = receipts
      this.reload(state, space, true)
    } else {
      const asksMore = receipts && !known.askReceipts

      known.local = true
      known.askReceipts ||= receipts

      if (asksMore && known.mine != null) {
        this.reload(known, space, true)
      }
    }
  }

  private create (space: SpaceId): SpaceState {
    const state = new SpaceState()

    this.spaces.set(space, state)

    return state
  }

  /** Reads the log anew; both sides' knowledge is compared afterwards */
  private reload (state: SpaceState, space: SpaceId, tell: boolean): void {
    state.tellAgain ||= tell

    if (state.loading) {
      state.loadAgain = true
    } else {
      state.loading = true
      this.do({ type: 'load', space, remote: !state.local })
    }
  }

  private onFrame (frame: Frame): void {
    if (frame.type === 'more') {
      this.credit = Math.min(this.credit + frame.bytes, MAX_SYNC_ROUND_BYTES)
      return
    }

    const space = 'space' in frame ? frame.space : frame.chain.space

    if (frame.type === 'entries') {
      this.takeEntries(space, frame.entries)
      return
    }

    if (frame.type === 'have') {
      this.onHave(space, frame)
      return
    }

    const state = this.spaces.get(space)

    if (state == null) {
      // it was closed here while the frame was on its way
      return
    }

    switch (frame.type) {
      case 'refused':
      case 'close':
        this.spaces.delete(space)
        this.do({ type: 'notify', event: 'space:refused', space })
        break
      case 'records':
        this.do({ type: 'put-records', space, records: frame.records })
        break
      case 'caught-up':
        this.do({ type: 'notify', event: 'space:caught-up', space })
        break
      case 'receipts':
        this.do({ type: 'read-receipts', space, receipts: frame.receipts })
        break
      case 'fork':
        this.do({ type: 'add-proof', space, proof: frame.proof })
        break
      case 'trace':
        this.do({ type: 'answer-trace', chain: frame.chain, from: frame.from, to: frame.to })
        break
      case 'trail':
        if (state.searches.has(nameOf(frame.chain))) {
          this.do({ type: 'compare', chain: frame.chain, points: frame.points })
        }
        break
      case 'ask-branch':
        this.do({ type: 'answer-branch', chain: frame.chain, seq: frame.seq })
        break
      case 'branch':
        if (state.searches.delete(nameOf(frame.chain))) {
          this.do({ type: 'prove', chain: frame.chain, branch: frame.branch })
        }
        break
      // no default
    }
  }

  private takeEntries (space: SpaceId, entries: Uint8Array[]): void {
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0)

    this.allowance -= bytes
    this.owed += bytes

    if (this.allowance < 0) {
      this.do({ type: 'fail', error: new SyncFloodError('The peer sent more entries than it was asked for') })
    } else if (this.spaces.has(space)) {
      this.do({ type: 'ingest', space, entries })
    } else {
      // closed here while the frame was on its way
      this.grant()
    }
  }

  private grant (): void {
    if (this.owed >= GRANT_BYTES) {
      this.allowance += this.owed
      this.do({ type: 'send', frame: { type: 'more', bytes: this.owed } })
      this.owed = 0
    }
  }

  private onHave (space: SpaceId, frame: Extract<Frame, { type: 'have' }>): void {
    let state = this.spaces.get(space)

    if (state == null) {
      if (this.spaces.size >= MAX_SYNC_SPACES) {
        this.do({ type: 'send', frame: { type: 'refused', space } })
        return
      }

      state = this.create(space)
    }

    if (state.complete) {
      state.complete = false
      state.theirs.clear()
      state.theirRecords.clear()
    }

    for (const { ranges, head, fork, ...key } of frame.chains) {
      state.theirs.set(nameOf(key), { ranges, ...(head == null ? {} : { head }), ...(fork == null ? {} : { fork }) })
    }

    for (const mark of frame.records) {
      state.theirRecords.set(mark.identity, mark)
    }

    if (state.theirs.size > MAX_CHAINS_PER_SPACE || state.theirRecords.size > MAX_CHAINS_PER_SPACE) {
      this.do({ type: 'fail', error: new LimitExceededError('The peer names more chains of a space than are kept') })
      return
    }

    if (frame.last) {
      state.complete = true
      state.wantsReceipts = frame.receipts
      state.compareDue = true
      state.retried = false
      this.reload(state, space, false)
    }
  }

  private onLoaded (state: SpaceState, space: SpaceId, summary: Summary): void {
    const isFirst = state.mine == null

    state.loading = false
    state.mine = summary

    if (state.tellAgain) {
      state.tellAgain = false

      for (const frame of haveFrames(space, state.askReceipts, summary.records, summary.chains)) {
        this.do({ type: 'send', frame })
      }
    }

    if (isFirst && !state.local) {
      this.do({ type: 'notify', event: 'space:opened', space })
    }

    if (state.complete) {
      this.compare(state, space, summary)
    }

    if (state.loadAgain) {
      state.loadAgain = false
      this.reload(state, space, false)
    }
  }

  private compare (state: SpaceState, space: SpaceId, summary: Summary): void {
    const newer = summary.records.filter(mark => standsAbove(mark, state.theirRecords.get(mark.identity)))

    if (newer.length > 0) {
      newer.forEach(mark => state.theirRecords.set(mark.identity, mark))
      this.do({ type: 'send-records', space, identities: newer.map(({ identity }) => identity) })
    }

    for (const view of summary.chains) {
      const theirs = state.theirs.get(nameOf(view))

      if (view.fork != null && view.fork < (theirs?.fork ?? Infinity)) {
        this.do({ type: 'send-proof', chain: view })
      }

      if (theirs?.head != null && view.head?.id !== theirs.head.id && rangeOf(view.ranges, theirs.head.seq) != null) {
        this.do({ type: 'compare', chain: keyOf(view), points: [theirs.head] })
      }

      this.addPending(state, keyOf(view), view.ranges)
    }

    if (state.compareDue) {
      state.compareDue = false
      state.caughtUp = false

      if (state.wantsReceipts) {
        this.do({ type: 'sign-receipts', space })
      }
    }
  }

  private theirsOf (state: SpaceState, chain: ChainKey): Theirs {
    const name = nameOf(chain)
    let theirs = state.theirs.get(name)

    if (theirs == null) {
      theirs = { ranges: [] }
      state.theirs.set(name, theirs)
    }

    return theirs
  }

  private addPending (state: SpaceState, key: ChainKey, ranges: Range[]): void {
    const name = nameOf(key)
    const before = state.pending.get(name)
    const missing = difference(union(before?.ranges ?? [], ranges), state.theirs.get(name)?.ranges ?? [])

    if (missing.length > 0) {
      state.pending.set(name, { key, ranges: missing, slice: before?.slice ?? FIRST_SLICE_ENTRIES })
    } else {
      state.pending.delete(name)
    }
  }

  private onReceived (state: SpaceState, { chain, ranges }: Extract<SyncEvent, { type: 'received' }>): void {
    if (state.theirs.size >= MAX_CHAINS_PER_SPACE && !state.theirs.has(nameOf(chain))) {
      // nothing good comes of so many chains: at worst something is sent back to where it came from
      return
    }

    const theirs = this.theirsOf(state, chain)
    const known = union(theirs.ranges, ranges)

    if (known.length <= MAX_KNOWN_RANGES) {
      theirs.ranges = known
    }
  }

  private onIngested (state: SpaceState, space: SpaceId, result: IngestResult): void {
    let untimely = false

    for (const { entry, reason } of result.refused) {
      const { identity, device, seq } = entry.header

      if (reason === 'fork') {
        this.search(state, { space, identity, device }, seq)
      } else if (reason === 'bad-signature' || reason === 'wrong-space') {
        this.bad++
      } else if (reason === 'unknown-device' || reason === 'unlinked') {
        untimely = true
      }
    }

    if (this.bad > MAX_BAD_ENTRIES) {
      this.do({ type: 'fail', error: new SyncFloodError('The peer sends entries that nobody signed') })
    } else if (untimely) {
      this.retry(state, space)
    }

    this.grant()
  }

  /** Something was refused that may be good once more is known: says once more what is here, so that it is sent again */
  private retry (state: SpaceState, space: SpaceId): void {
    if (!state.retried) {
      state.retried = true
      this.reload(state, space, true)
    }
  }

  private search (state: SpaceState, chain: ChainKey, high: number): void {
    const name = nameOf(chain)

    if (!state.searches.has(name) && state.searches.size < MAX_SEARCHES) {
      state.searches.set(name, { low: 0, high, rounds: 0 })
      this.do({ type: 'send', frame: { type: 'trace', chain, from: 0, to: high } })
    }
  }

  private onCompared (state: SpaceState, { chain, same, differs }: Extract<SyncEvent, { type: 'compared' }>): void {
    const name = nameOf(chain)
    const search = state.searches.get(name)

    if (differs == null) {
      // the split was found elsewhere, and what was refused may be below it
      if (state.searches.delete(name)) {
        this.retry(state, chain.space)
      }
    } else if (search == null) {
      this.search(state, chain, differs)
    } else if (differs === 0 || same === differs - 1) {
      this.do({ type: 'send', frame: { type: 'ask-branch', chain, seq: differs } })
    } else {
      const low = same == null ? search.low : same

      search.rounds++

      if (search.rounds >= MAX_SEARCH_ROUNDS || (search.rounds > 1 && low === search.low && differs === search.high)) {
        // one of us does not hold the place of the split
        state.searches.delete(name)
        this.retry(state, chain.space)
      } else {
        search.low = low
        search.high = differs
        this.do({ type: 'send', frame: { type: 'trace', chain, from: low, to: differs } })
      }
    }
  }

  private onSent (state: SpaceState, { chain, bytes, slice, ranges, rest }: Extract<SyncEvent, { type: 'sent' }>): void {
    const theirs = this.theirsOf(state, chain)

    this.credit -= bytes
    state.reading = false
    // what was taken out of the log meanwhile may come back, and is then still to be sent
    theirs.ranges = difference(theirs.ranges, difference([slice], ranges))

    if (rest != null) {
      this.addPending(state, chain, [rest])
    }
  }

  /** The next entries to go: spaces and chains take turns */
  private onReady (): void {
    for (const [space, state] of this.spaces) {
      if (!state.complete || state.mine == null || state.loading || state.reading) {
        continue
      }

      const [first] = state.pending

      if (first != null) {
        if (this.credit < SYNC_FRAME_BYTES) {
          return
        }

        const [name, pending] = first
        const last = pending.ranges[pending.ranges.length - 1]
        const slice = { from: Math.max(last.from, last.to - pending.slice + 1), to: last.to }
        const theirs = this.theirsOf(state, pending.key)

        theirs.ranges = union(theirs.ranges, [slice])
        state.pending.delete(name)
        this.addPending(state, pending.key, pending.ranges)

        const rest = state.pending.get(name)

        if (rest != null) {
          rest.slice = Math.min(pending.slice * 2, MAX_SLICE_ENTRIES)
        }

        // to the end of the line
        this.spaces.delete(space)
        this.spaces.set(space, state)
        state.reading = true
        this.do({ type: 'read', space, chain: pending.key, ...slice, maxBytes: SYNC_FRAME_BYTES })
        return
      }

      if (!state.caughtUp) {
        state.caughtUp = true
        this.do({ type: 'send', frame: { type: 'caught-up', space } })
      }
    }
  }
}

function keyOf ({ space, identity, device }: ChainKey): ChainKey {
  return { space, identity, device }
}
