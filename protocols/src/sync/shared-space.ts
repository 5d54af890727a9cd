/** One space on one stream, as a state machine: what comes of events and of the other side's frames. Rules: specs/sync.md. */
import { LimitExceededError } from '../errors.ts'
import { MAX_CHAINS_PER_SPACE } from '../limits.ts'
import { compare } from './compare.ts'
import { haveFrames } from './frames.ts'
import { SpaceState, standsAbove } from './space-state.ts'
import type { Effect, EventOf, SpaceEvent, SpaceFrame, Summary } from './events.ts'
import type { Frame } from './frames.ts'
import type { Shown } from './index.ts'
import type { SpaceId } from '../ids.ts'
import type { ChainKey, IngestResult } from '../log/index.ts'

export class SharedSpace {
  readonly space: SpaceId
  private readonly state = new SpaceState()
  private readonly do: (effect: Effect) => void

  constructor (space: SpaceId, perform: (effect: Effect) => void) {
    this.space = space
    this.do = perform
  }

  /** Both sides have told what they have */
  get isShared (): boolean {
    return this.state.mine != null && this.state.isComplete
  }

  /** Both sides have told, and nothing is being read that may change what is to be sent */
  get isAtRest (): boolean {
    return this.isShared && !this.state.isLoading && !this.state.isReading
  }

  get hasPending (): boolean {
    return this.state.hasPending
  }

  /** What the other side has named or sent */
  get shown (): Shown {
    return this.state.shown
  }

  /** Somebody here wants it kept in step */
  open (receipts: boolean): void {
    const { state } = this
    const isUnread = state.mine == null && !state.isLoading
    const asksMore = receipts && !state.askReceipts

    state.isLocal = true
    state.askReceipts ||= receipts

    if (isUnread || (asksMore && state.mine != null)) {
      this.reload(true)
    }
  }

  handle (event: SpaceEvent): void {
    const { state, space } = this

    switch (event.type) {
      case 'loaded':
        this.onLoaded(event.summary)
        break
      case 'received':
        state.received(event)
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
        this.reload(event.identity == null || state.mayShowOtherwise(event.identity))
        break
      case 'compared':
      default:
        this.onCompared(event)
        break
    }
  }

  onFrame (frame: SpaceFrame): void {
    const { state, space } = this

    switch (frame.type) {
      case 'records':
        state.showedRecord = true
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

  onHave (frame: Extract<Frame, { type: 'have' }>): void {
    const { state } = this

    if (state.isComplete) {
      state.forgetTheirs()
    }

    for (const view of frame.chains) {
      state.told(view)
    }

    for (const mark of frame.records) {
      state.showedRecord = true
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
      this.reload(false)
    }
  }

  /** What the log made of entries of the other side */
  ingested (result: IngestResult): void {
    let untimely = false

    for (const { entry: { header: { identity, device, seq } }, reason } of result.refused) {
      if (reason === 'fork') {
        this.search({ space: this.space, identity, device }, seq)
      } else if (reason === 'unknown-device' || reason === 'unlinked') {
        untimely = true
      }
    }

    if (untimely) {
      this.state.hasRefused = true
      this.retry()
    }
  }

  /** The next entries to go, if any: the caller sends them and says `sent` */
  takeSlice (): { chain: ChainKey, from: number, to: number } | undefined {
    const slice = this.state.takeSlice()

    this.state.isReading = slice != null

    return slice
  }

  sent (event: EventOf<'sent'>): void {
    this.state.sent(event)
  }

  /** Nothing is left to send: says so, once for each time the other side told what it has */
  sayCaughtUp (): void {
    if (!this.state.isCaughtUp) {
      this.state.isCaughtUp = true
      this.do({ type: 'send', frame: { type: 'caught-up', space: this.space } })
    }
  }

  /** Reads the log anew; both sides' knowledge is compared afterwards */
  private reload (tell: boolean): void {
    const { state, space } = this

    state.tellAgain ||= tell

    if (state.isLoading) {
      state.loadAgain = true
    } else {
      state.isLoading = true
      this.do({ type: 'load', space, remote: !state.isLocal })
    }
  }

  private onLoaded (summary: Summary): void {
    const { state, space } = this
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
      compare(space, state, summary).forEach(this.do)
    }

    if (state.loadAgain) {
      state.loadAgain = false
      this.reload(false)
    }
  }

  /** Something was refused that may be good once more is known: says once more what is here, so that it is sent again */
  private retry (): void {
    if (!this.state.hasRetried) {
      this.state.hasRetried = true
      this.reload(true)
    }
  }

  private search (chain: ChainKey, high: number): void {
    const frame = this.state.searches.begin(chain, high)

    if (frame != null) {
      this.do({ type: 'send', frame })
    }
  }

  private onCompared (event: EventOf<'compared'>): void {
    const step = this.state.searches.step(event)

    if (step === 'ended') {
      // what was refused may be below the split
      this.retry()
    } else if (step != null) {
      this.do({ type: 'send', frame: step.ask })
    }
  }
}
