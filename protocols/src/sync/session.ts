/**
 * Drives the state machine of one stream: performs its effects on the log and on the stream, one after the other, and feeds back what
 * came of them. It knows frames, not sockets, so that the simulator can run the same code.
 */
import { MalformedError } from '../errors.ts'
import { decodeFrame, encodeFrame } from './frames.ts'
import { Inbox } from './inbox.ts'
import { rangesByChain } from './log-effects.ts'
import { Performer } from './performer.ts'
import { Pump } from './pump.ts'
import { ReceiptWriter } from './receipt-writer.ts'
import { SyncState } from './state.ts'
import type { SyncEvent } from './events.ts'
import type { Frame } from './frames.ts'
import type { Task } from './inbox.ts'
import type { Shown } from './index.ts'
import type { Receipt, ReceiptSigner } from './receipt.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Clock } from '../interface.ts'
import type { Entry, Log } from '../log/index.ts'

/** A stream of frames to one peer */
export interface FramePipe {
  /** Sends a frame; the promise is resolved when more may be sent, and rejected when nothing can be sent any more */
  send (frame: Uint8Array): Promise<void>
  /** Ends the stream; with an error at once, else after what was sent */
  close (error?: Error): void
}

export interface SessionInit {
  log: Log
  clock: Clock
  pipe: FramePipe
  admits (space: SpaceId): boolean | Promise<boolean>
  /** Whether there is room for so much more of a space; by default there is */
  takes? (space: SpaceId, bytes: number, recordOf?: IdentityId): boolean | Promise<boolean>
  receipts?: ReceiptSigner
  /** The state machine says something that others may want to know */
  notify (event: 'space:opened' | 'space:caught-up' | 'space:refused', space: SpaceId): void
  onReceipt (receipt: Receipt): void
}

export class Session {
  private readonly init: SessionInit
  private readonly state = new SyncState()
  private readonly inbox = new Inbox()
  private readonly performer: Performer
  private readonly pump: Pump
  private readonly receipts?: ReceiptWriter
  private working: Promise<void> | undefined
  private ended = false

  constructor (init: SessionInit) {
    this.init = init
    this.performer = new Performer({
      ...init,
      send: async frame => this.send(frame),
      answer: async event => this.dispatch(event),
      signReceipts: (space, chains) => { this.receipts?.due(space, chains) }
    })
    this.pump = new Pump({
      log: init.log,
      handle: event => this.state.handle(event),
      perform: async effect => this.performer.perform(effect),
      send: async frame => this.send(frame),
      isEnded: () => this.ended,
      fail: error => { this.fail(error) }
    })

    if (init.receipts != null) {
      this.receipts = new ReceiptWriter({
        log: init.log,
        clock: init.clock,
        signer: init.receipts,
        send: async (space, receipts) => {
          if (!this.ended) {
            await this.send({ type: 'receipts', space, receipts })
          }
        },
        fail: error => { this.end(error) }
      })
    }
  }

  get isEnded (): boolean {
    return this.ended
  }

  has (space: SpaceId): boolean {
    return this.state.has(space)
  }

  isShared (space: SpaceId): boolean {
    return !this.ended && this.state.isShared(space)
  }

  shown (space: SpaceId): Shown | undefined {
    return this.ended ? undefined : this.state.shown(space)
  }

  open (space: SpaceId, receipts: boolean): void {
    this.enqueue({ event: { type: 'open', space, receipts } })
  }

  close (space: SpaceId): void {
    this.enqueue({ event: { type: 'close', space } })
  }

  /** A frame came in. Never throws: a bad one ends the session */
  receive (bytes: Uint8Array): void {
    if (this.ended) {
      return
    }

    try {
      const frame = decodeFrame(bytes)

      if (frame == null) {
        return
      }

      this.inbox.addFrame(frame, bytes.length)

      if (frame.type === 'entries' && this.state.has(frame.space)) {
        this.performer.prepare(frame.entries)
      }

      this.work()
    } catch (err) {
      this.fail(err)
    }
  }

  /** Entries became durable in the log */
  entriesAdded (space: SpaceId, entries: Entry[]): void {
    if (this.ended || !this.state.has(space)) {
      return
    }

    for (const { chain, ranges } of rangesByChain(entries)) {
      this.dispatchNow({ type: 'added', space, chain, ranges })
    }

    this.pump.start()
  }

  /** A record became durable in the log: it has to go before any entry that relies on it */
  recordChanged (space: SpaceId, record: SignedRecord): void {
    this.recordKnown(space, record)

    if (!this.ended && this.state.has(space)) {
      this.enqueue({ event: { type: 'changed', space, identity: record.record.identity } })
    }
  }

  /** A record goes with what comes next of a space, if the other side has none that is as good */
  recordKnown (space: SpaceId, { record, hash, bytes }: SignedRecord): void {
    if (!this.ended && this.state.has(space)) {
      this.dispatchNow({ type: 'record', space, mark: { identity: record.identity, seq: record.seq, hash }, bytes })
    }
  }

  /** What counts or may be shown of a space has changed */
  changed (space: SpaceId): void {
    if (!this.ended && this.state.has(space)) {
      this.enqueue({ event: { type: 'changed', space } })
    }
  }

  /** Spaces that are open on this stream */
  openSpaces (): SpaceId[] {
    return this.state.openSpaces()
  }

  /** Nothing more is sent or taken; what is being written to the log is finished */
  end (error?: Error): void {
    if (!this.ended) {
      this.ended = true
      this.inbox.clear()
      this.init.pipe.close(error)
    }
  }

  /** Something is being dealt with at this moment */
  get isBusy (): boolean {
    return this.working != null || this.pump.pumping != null || this.receipts?.writing != null
  }

  /** Resolves when everything that came in has been dealt with and everything that may go out has gone */
  async settled (): Promise<void> {
    while (this.isBusy) {
      await Promise.all([this.working, this.pump.pumping, this.receipts?.writing])
    }
  }

  private fail (error: unknown): void {
    this.end(error instanceof Error ? error : new MalformedError('Sync failed', { cause: error }))
  }

  private enqueue (task: Task): void {
    if (!this.ended) {
      this.inbox.add(task)
      this.work()
    }
  }

  /** For what must not wait behind slow tasks; its effects need no answer */
  private dispatchNow (event: SyncEvent): void {
    for (const effect of this.state.handle(event)) {
      if (effect.type === 'send') {
        void this.send(effect.frame)
      } else {
        this.enqueue({ effect })
      }
    }
  }

  private work (): void {
    this.working ??= this.workAll().finally(() => {
      this.working = undefined

      if (!this.inbox.isEmpty) {
        // it came after the last look
        this.work()
      }
    })
  }

  private async workAll (): Promise<void> {
    // what called us finishes first
    await Promise.resolve()

    let task = this.inbox.next()

    while (task != null && !this.ended) {
      try {
        if ('effect' in task) {
          await this.performer.perform(task.effect)
        } else {
          await this.dispatch(task.event)
        }
      } catch (err) {
        this.fail(err)
      }

      this.pump.start()
      task = this.inbox.next()
    }
  }

  private async dispatch (event: SyncEvent): Promise<void> {
    for (const effect of this.state.handle(event)) {
      if (this.ended) {
        return
      }

      await this.performer.perform(effect)
    }
  }

  private async send (frame: Frame): Promise<void> {
    try {
      await this.init.pipe.send(encodeFrame(frame))
    } catch {
      this.end()
    }
  }
}
