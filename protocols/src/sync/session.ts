/**
 * Drives the state machine of one stream: performs its effects on the log and on the stream, one after the other, and feeds back what
 * came of them. It knows frames, not sockets, so that the simulator can run the same code.
 */
import { MalformedError } from '../errors.ts'
import { SIGNATURE_BYTES } from '../identity/index.ts'
import { MAX_INBOX_BYTES, MAX_INGEST_ENTRIES } from './constants.ts'
import { SyncFloodError } from './errors.ts'
import { decodeFrame, encodeFrame } from './frames.ts'
import { addProof, prove, putRecords, rangesByChain, readEntries, readSlice, summarize } from './log-effects.ts'
import { ReceiptWriter } from './receipt-writer.ts'
import { decodeReceipt } from './receipt.ts'
import { SyncState } from './state.ts'
import { comparePoints, trailOf } from './trail.ts'
import type { Effect, SyncEvent } from './events.ts'
import type { Frame } from './frames.ts'
import type { Receipt, ReceiptSigner } from './receipt.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { SpaceId } from '../ids.ts'
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
  receipts?: ReceiptSigner
  /** The state machine says something that others may want to know */
  notify (event: 'space:opened' | 'space:caught-up' | 'space:refused', space: SpaceId): void
  onReceipt (receipt: Receipt): void
}

type Task = { event: SyncEvent, bytes: number } | { effect: Effect }

export class Session {
  private readonly init: SessionInit
  private readonly state = new SyncState()
  private readonly tasks: Task[] = []
  private inboxBytes = 0
  /** Entries that were read when they came in */
  private readonly read = new WeakMap<Uint8Array, Entry>()
  private working: Promise<void> | undefined
  private pumping: Promise<void> | undefined
  private pumpAgain = false
  private ended = false
  private readonly receipts?: ReceiptWriter

  constructor (init: SessionInit) {
    this.init = init

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

  open (space: SpaceId, receipts: boolean): void {
    this.enqueue({ event: { type: 'open', space, receipts }, bytes: 0 })
  }

  close (space: SpaceId): void {
    this.enqueue({ event: { type: 'close', space }, bytes: 0 })
  }

  /** A frame came in. Never throws: a bad one ends the session */
  receive (bytes: Uint8Array): void {
    if (this.ended) {
      return
    }

    try {
      const frame = decodeFrame(bytes)

      this.inboxBytes += bytes.length

      if (this.inboxBytes > MAX_INBOX_BYTES) {
        throw new SyncFloodError('The peer sends faster than it was allowed to')
      }

      if (frame == null) {
        this.inboxBytes -= bytes.length
      } else {
        if (frame.type === 'entries' && this.state.has(frame.space)) {
          // while those before are being written there is time to read these
          readEntries(frame.entries, this.read)
        }

        this.enqueue({ event: { type: 'frame', frame }, bytes: bytes.length })
      }
    } catch (err) {
      this.end(err instanceof Error ? err : new MalformedError('Not a frame', { cause: err }))
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

    this.pump()
  }

  /** A record became durable in the log: it has to go before any entry that relies on it */
  recordChanged (space: SpaceId, { record, hash, bytes }: SignedRecord): void {
    if (!this.ended && this.state.has(space)) {
      this.dispatchNow({ type: 'record', space, mark: { identity: record.identity, seq: record.seq, hash }, bytes })
      this.enqueue({ event: { type: 'changed', space, identity: record.identity }, bytes: 0 })
    }
  }

  /** What counts or may be shown of a space has changed */
  changed (space: SpaceId): void {
    if (!this.ended && this.state.has(space)) {
      this.enqueue({ event: { type: 'changed', space }, bytes: 0 })
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
      this.tasks.length = 0
      this.init.pipe.close(error)
    }
  }

  /** Something is being dealt with at this moment */
  get isBusy (): boolean {
    return this.working != null || this.pumping != null || this.receipts?.writing != null
  }

  /** Resolves when everything that came in has been dealt with and everything that may go out has gone */
  async settled (): Promise<void> {
    while (this.isBusy) {
      await Promise.all([this.working, this.pumping, this.receipts?.writing])
    }
  }

  private enqueue (task: Task): void {
    if (!this.ended) {
      this.tasks.push(task)
      this.working ??= this.work().finally(() => { this.working = undefined })
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

  private async work (): Promise<void> {
    // what called us finishes first
    await Promise.resolve()

    let task = this.tasks.shift()

    while (task != null && !this.ended) {
      try {
        if ('effect' in task) {
          await this.perform(task.effect)
        } else {
          await this.dispatch(this.coalesce(task))
        }
      } catch (err) {
        this.end(err instanceof Error ? err : new MalformedError('Sync failed', { cause: err }))
      }

      this.pump()
      task = this.tasks.shift()
    }
  }

  /** Joins entries that came in several frames, so that they are written with one fsync */
  private coalesce (task: { event: SyncEvent, bytes: number }): SyncEvent {
    this.inboxBytes -= task.bytes

    const { event } = task

    if (event.type !== 'frame' || event.frame.type !== 'entries') {
      return event
    }

    const { space } = event.frame
    const entries = [...event.frame.entries]
    let next = this.tasks[0]

    while (next != null && 'event' in next && next.event.type === 'frame' && next.event.frame.type === 'entries' &&
      next.event.frame.space === space && entries.length + next.event.frame.entries.length <= MAX_INGEST_ENTRIES) {
      entries.push(...next.event.frame.entries)
      this.inboxBytes -= next.bytes
      this.tasks.shift()
      next = this.tasks[0]
    }

    return { type: 'frame', frame: { type: 'entries', space, entries } }
  }

  private async dispatch (event: SyncEvent): Promise<void> {
    for (const effect of this.state.handle(event)) {
      if (this.ended) {
        return
      }

      await this.perform(effect)
    }
  }

  private async perform (effect: Effect): Promise<void> {
    const { log } = this.init

    switch (effect.type) {
      case 'send':
        await this.send(effect.frame)
        break
      case 'load':
        await this.load(effect.space, effect.remote)
        break
      case 'ingest':
        await this.ingest(effect.space, effect.entries)
        break
      case 'put-records':
        await putRecords(log, effect.space, effect.records)
        break
      case 'send-records':
        for (const identity of effect.identities) {
          const record = await log.record(identity)

          if (record != null) {
            await this.send({ type: 'records', space: effect.space, records: [record.bytes] })
          }
        }
        break
      case 'add-proof':
        await addProof(log, effect.proof)
        break
      case 'send-proof': {
        const proof = await log.forkProof(effect.chain)

        if (proof != null) {
          await this.send({ type: 'fork', space: effect.chain.space, proof })
        }
        break
      }
      case 'compare':
        await this.dispatch({ type: 'compared', chain: effect.chain, ...await comparePoints(log, effect.chain, effect.points) })
        break
      case 'answer-trace':
        await this.send({ type: 'trail', chain: effect.chain, points: await trailOf(log, effect.chain, effect.from, effect.to) })
        break
      case 'answer-branch': {
        // an empty one tells the asker that there is none
        const branch = await log.branch(effect.chain, effect.seq) ?? { headers: [], signature: new Uint8Array(SIGNATURE_BYTES) }

        await this.send({ type: 'branch', chain: effect.chain, branch })
        break
      }
      case 'prove':
        await prove(log, effect.chain, effect.branch)
        break
      case 'read-receipts':
        for (const receipt of effect.receipts) {
          this.init.onReceipt(await decodeReceipt(receipt))
        }
        break
      case 'sign-receipts':
        this.receipts?.due(effect.space, effect.chains)
        break
      case 'notify':
        this.init.notify(effect.event, effect.space)
        break
      case 'fail':
        throw effect.error
      case 'read':
      default:
        // only `ready` asks for it, and the pump answers that
        break
      // no default
    }
  }

  private async send (frame: Frame): Promise<void> {
    try {
      await this.init.pipe.send(encodeFrame(frame))
    } catch {
      this.end()
    }
  }

  private async load (space: SpaceId, remote: boolean): Promise<void> {
    if (remote && !await this.init.admits(space)) {
      await this.dispatch({ type: 'denied', space })
      return
    }

    await this.dispatch({ type: 'loaded', space, summary: await summarize(this.init.log, space) })
  }

  private async ingest (space: SpaceId, stored: Uint8Array[]): Promise<void> {
    const entries = readEntries(stored, this.read)

    for (const { chain, ranges } of rangesByChain(entries)) {
      await this.dispatch({ type: 'received', space, chain, ranges })
    }

    const result = await this.init.log.ingest(space, entries)

    await this.dispatch({ type: 'ingested', space, result })
  }

  private pump (): void {
    if (this.ended) {
      return
    }

    if (this.pumping != null) {
      this.pumpAgain = true
    } else {
      this.pumping = this.pumpAll().finally(() => {
        this.pumping = undefined

        if (this.pumpAgain) {
          this.pumpAgain = false
          this.pump()
        }
      })
    }
  }

  /** Sends entries as long as there are any and the stream takes them */
  private async pumpAll (): Promise<void> {
    try {
      let busy = true

      while (busy && !this.ended) {
        busy = false

        for (const effect of this.state.handle({ type: 'ready' })) {
          if (effect.type === 'read') {
            await this.sendStored(effect)
            busy = true
          } else {
            await this.perform(effect)
          }
        }
      }
    } catch (err) {
      this.end(err instanceof Error ? err : new MalformedError('Sync failed', { cause: err }))
    }
  }

  private async sendStored (effect: Extract<Effect, { type: 'read' }>): Promise<void> {
    const { space, chain, from, to } = effect
    const { entries, ...sent } = await readSlice(this.init.log, effect)

    this.state.handle({ type: 'sent', space, chain, slice: { from, to }, ...sent })

    if (entries.length > 0) {
      await this.send({ type: 'entries', space, entries })
    }
  }
}
