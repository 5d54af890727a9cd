/** One space on one stream: what both sides have of it, and what is still to be sent. */
import { MAX_CHAINS_PER_SPACE } from '../limits.ts'
import { difference, union } from '../log/ranges.ts'
import { FIRST_SLICE_ENTRIES, MAX_KNOWN_RANGES, MAX_SLICE_ENTRIES } from './constants.ts'
import { Searches } from './searches.ts'
import type { EventOf, Summary } from './events.ts'
import type { RecordMark } from './frames.ts'
import type { Shown } from './index.ts'
import type { DeviceId, EntryId, IdentityId } from '../ids.ts'
import type { ChainKey, ChainView, Range } from '../log/index.ts'

/** What the other side has of a chain */
export interface Theirs {
  ranges: Range[]
  head?: { seq: number, id: EntryId }
  fork?: number
}

interface Pending {
  key: ChainKey
  /** What the other side lacks and we hold */
  ranges: Range[]
  /** How many entries the next frame may hold */
  slice: number
}

export function nameOf (chain: { identity: IdentityId, device: DeviceId }): string {
  return chain.identity + chain.device
}

export function keyOf ({ space, identity, device }: ChainKey): ChainKey {
  return { space, identity, device }
}

function isLower (a: Uint8Array, b: Uint8Array): boolean {
  const at = a.findIndex((byte, i) => byte !== b[i])

  return at >= 0 && a[at] < b[at]
}

/** Whether the record of the first mark stands above the other's */
export function standsAbove (mark: RecordMark, other: RecordMark | undefined): boolean {
  return other == null || mark.seq > other.seq || (mark.seq === other.seq && isLower(mark.hash, other.hash))
}

export class SpaceState {
  /** Opened from here */
  isLocal = false
  askReceipts = false
  wantsReceipts = false
  mine?: Summary
  isLoading = false
  loadAgain = false
  tellAgain = true
  /** All parts of their `have` are there */
  isComplete = false
  compareDue = false
  isReading = false
  isCaughtUp = true
  /** Something was refused for want of knowledge since it was told what is here */
  hasRefused = false
  /** After a refusal it was told once more what is here */
  hasRetried = false
  readonly theirRecords = new Map<IdentityId, RecordMark>()
  readonly searches = new Searches()
  /** They named or sent a record */
  showedRecord = false
  /** Chains of which they named or sent entries */
  private readonly shownChains = new Map<string, ChainKey>()
  private readonly theirs = new Map<string, Theirs>()
  private readonly pending = new Map<string, Pending>()

  get shown (): Shown {
    return { record: this.showedRecord, chains: [...this.shownChains.values()] }
  }

  get theirChains (): number {
    return this.theirs.size
  }

  theirsOf (chain: ChainKey): Theirs {
    const name = nameOf(chain)
    let theirs = this.theirs.get(name)

    if (theirs == null) {
      theirs = { ranges: [] }
      this.theirs.set(name, theirs)
    }

    return theirs
  }

  /**
   * Whether a new record of an identity calls for telling anew what is here. The first one does not, unless something was refused before
   * it came: nothing of that identity is held yet, and what is on its way would only be sent twice.
   */
  mayShowOtherwise (identity: IdentityId): boolean {
    return this.hasRefused || this.mine?.records.some(mark => mark.identity === identity) === true
  }

  /** The other side begins to tell anew */
  forgetTheirs (): void {
    this.isComplete = false
    this.theirs.clear()
    this.theirRecords.clear()
  }

  /** The other side told what it has of a chain */
  told ({ ranges, head, fork, ...key }: ChainView): void {
    if (ranges.length > 0) {
      this.show(key)
    }

    this.theirs.set(nameOf(key), { ranges, ...(head == null ? {} : { head }), ...(fork == null ? {} : { fork }) })
  }

  /** Entries came from the other side, so it has them */
  received ({ chain, ranges }: EventOf<'received'>): void {
    if (this.theirs.size >= MAX_CHAINS_PER_SPACE && !this.theirs.has(nameOf(chain))) {
      // nothing good comes of so many chains: at worst something is sent back to where it came from
      return
    }

    this.show(chain)

    const theirs = this.theirsOf(chain)
    const known = union(theirs.ranges, ranges)

    if (known.length <= MAX_KNOWN_RANGES) {
      theirs.ranges = known
    }
  }

  private show (chain: ChainKey): void {
    if (this.shownChains.size < MAX_CHAINS_PER_SPACE) {
      this.shownChains.set(nameOf(chain), keyOf(chain))
    }
  }

  /** We hold these: what of them the other side lacks is to be sent */
  offer (key: ChainKey, ranges: Range[]): void {
    const name = nameOf(key)
    const before = this.pending.get(name)
    const missing = difference(union(before?.ranges ?? [], ranges), this.theirs.get(name)?.ranges ?? [])

    if (missing.length > 0) {
      this.pending.set(name, { key, ranges: missing, slice: before?.slice ?? FIRST_SLICE_ENTRIES })
    } else {
      this.pending.delete(name)
    }
  }

  get hasPending (): boolean {
    return this.pending.size > 0
  }

  /** The newest of the chain whose turn it is; from now on the other side is taken to have it */
  takeSlice (): { chain: ChainKey, from: number, to: number } | undefined {
    const [next] = this.pending

    if (next == null) {
      return undefined
    }

    const [name, { key, ranges, slice }] = next
    const last = ranges[ranges.length - 1]
    const taken = { from: Math.max(last.from, last.to - slice + 1), to: last.to }
    const theirs = this.theirsOf(key)

    theirs.ranges = union(theirs.ranges, [taken])
    // to the end of the line
    this.pending.delete(name)
    this.offer(key, ranges)

    const rest = this.pending.get(name)

    if (rest != null) {
      rest.slice = Math.min(slice * 2, MAX_SLICE_ENTRIES)
    }

    return { chain: key, ...taken }
  }

  /** A slice was sent, or as much of it as was there and did fit */
  sent ({ chain, slice, ranges, rest }: EventOf<'sent'>): void {
    const theirs = this.theirsOf(chain)

    this.isReading = false
    // what was taken out of the log meanwhile may come back, and is then still to be sent
    theirs.ranges = difference(theirs.ranges, difference([slice], ranges))

    if (rest != null) {
      this.offer(chain, [rest])
    }
  }
}
