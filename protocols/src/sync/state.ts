/**
 * One sync stream as a state machine: events in, effects out. It reads no clock, no log and no network.
 *
 * Both sides say what they have of a space (`have`). Each then knows what the other lacks: records first, fork proofs, then entries,
 * the newest of every chain first. What comes into the log later is added to what the other lacks, so live entries take the same way.
 * A `have` may be repeated at any time and replaces the one before. Rules: specs/sync.md.
 */
import { LimitExceededError } from '../errors.ts'
import { MAX_CHAINS_PER_SPACE, MAX_SYNC_ROUND_BYTES, MAX_SYNC_SPACES, SYNC_FRAME_BYTES } from '../limits.ts'
import { rangeOf } from '../log/ranges.ts'
import { GRANT_BYTES, MAX_BAD_ENTRIES } from './constants.ts'
import { SyncFloodError } from './errors.ts'
import { haveFrames } from './frames.ts'
import { SpaceState, standsAbove } from './space-state.ts'
import type { Effect, EventOf, Summary, SyncEvent } from './events.ts'
import type { Frame } from './frames.ts'
import type { SpaceId } from '../ids.ts'
import type { ChainKey, IngestResult } from '../log/index.ts'

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

    return state?.mine != null && state.isComplete
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
        state.received(event)
        break
      case 'ingested':
        this.onIngested(state, space, event.result)
        break
      case 'added':
        state.offer(event.chain, event.ranges)

        if (state.wantsReceipts) {
          this.do({ type: 'sign-receipts', space, chains: [event.chain] })
        }
        break
      case 'record':
        if (state.isComplete && standsAbove(event.mark, state.theirRecords.get(event.mark.identity))) {
          state.theirRecords.set(event.mark.identity, event.mark)
          this.do({ type: 'send', frame: { type: 'records', space, records: [event.bytes] } })
        }

        state.hasRetried = false
        break
      case 'changed':
        this.reload(state, space, event.identity == null || state.mayShowOtherwise(event.identity))
        break
      case 'compared':
        this.onCompared(state, event)
        break
      case 'sent':
      default:
        this.credit -= event.bytes
        state.sent(event)
        break
    }
  }

  private onOpen (space: SpaceId, receipts: boolean): void {
    const known = this.spaces.get(space)

    if (known == null) {
      const state = this.create(space)

      state.isLocal = true
      state.askReceipts = receipts
      this.reload(state, space, true)
    } else {
      const asksMore = receipts && !known.askReceipts

      known.isLocal = true
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

    if (state.isLoading) {
      state.loadAgain = true
    } else {
      state.isLoading = true
      this.do({ type: 'load', space, remote: !state.isLocal })
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
        if (state.searches.has(frame.chain)) {
          this.do({ type: 'compare', chain: frame.chain, points: frame.points })
        }
        break
      case 'ask-branch':
        this.do({ type: 'answer-branch', chain: frame.chain, seq: frame.seq })
        break
      case 'branch':
      default:
        if (state.searches.end(frame.chain)) {
          this.do({ type: 'prove', chain: frame.chain, branch: frame.branch })
        }
        break
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

    if (state.isComplete) {
      state.forgetTheirs()
    }

    for (const view of frame.chains) {
      state.told(view)
    }

    for (const mark of frame.records) {
      state.theirRecords.set(mark.identity, mark)
    }

    if (state.theirChains > MAX_CHAINS_PER_SPACE || state.theirRecords.size > MAX_CHAINS_PER_SPACE) {
      this.do({ type: 'fail', error: new LimitExceededError('The peer names more chains of a space than are kept') })
      return
    }

    if (frame.last) {
      state.isComplete = true
      state.wantsReceipts = frame.receipts
      state.compareDue = true
      state.hasRetried = false
      this.reload(state, space, false)
    }
  }

  private onLoaded (state: SpaceState, space: SpaceId, summary: Summary): void {
    const isFirst = state.mine == null

    state.isLoading = false
    state.mine = summary

    if (state.tellAgain) {
      state.tellAgain = false
      state.hasRefused = false

      for (const frame of haveFrames(space, state.askReceipts, summary.records, summary.chains)) {
        this.do({ type: 'send', frame })
      }
    }

    if (isFirst && !state.isLocal) {
      this.do({ type: 'notify', event: 'space:opened', space })
    }

    if (state.isComplete) {
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
      const theirs = state.theirsOf(view)

      if (view.fork != null && view.fork < (theirs.fork ?? Infinity)) {
        this.do({ type: 'send-proof', chain: view })
      }

      if (theirs.head != null && view.head?.id !== theirs.head.id && rangeOf(view.ranges, theirs.head.seq) != null) {
        this.do({ type: 'compare', chain: keyOf(view), points: [theirs.head] })
      }

      state.offer(keyOf(view), view.ranges)
    }

    if (state.compareDue) {
      state.compareDue = false
      state.isCaughtUp = false

      if (state.wantsReceipts) {
        this.do({ type: 'sign-receipts', space })
      }
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
      state.hasRefused = true
      this.retry(state, space)
    }

    this.grant()
  }

  /** Something was refused that may be good once more is known: says once more what is here, so that it is sent again */
  private retry (state: SpaceState, space: SpaceId): void {
    if (!state.hasRetried) {
      state.hasRetried = true
      this.reload(state, space, true)
    }
  }

  private search (state: SpaceState, chain: ChainKey, high: number): void {
    const frame = state.searches.begin(chain, high)

    if (frame != null) {
      this.do({ type: 'send', frame })
    }
  }

  private onCompared (state: SpaceState, event: EventOf<'compared'>): void {
    const step = state.searches.step(event)

    if (step === 'ended') {
      // what was refused may be below the split
      this.retry(state, event.chain.space)
    } else if (step != null) {
      this.do({ type: 'send', frame: step.ask })
    }
  }

  /** The next entries to go: spaces and chains take turns */
  private onReady (): void {
    for (const [space, state] of this.spaces) {
      if (!state.isComplete || state.mine == null || state.isLoading || state.isReading) {
        continue
      }

      if (state.hasPending) {
        if (this.credit < SYNC_FRAME_BYTES) {
          return
        }

        const slice = state.takeSlice()

        if (slice != null) {
          // to the end of the line
          this.spaces.delete(space)
          this.spaces.set(space, state)
          state.isReading = true
          this.do({ type: 'read', space, ...slice, maxBytes: SYNC_FRAME_BYTES })

          return
        }
      }

      if (!state.isCaughtUp) {
        state.isCaughtUp = true
        this.do({ type: 'send', frame: { type: 'caught-up', space } })
      }
    }
  }
}

function keyOf ({ space, identity, device }: ChainKey): ChainKey {
  return { space, identity, device }
}
