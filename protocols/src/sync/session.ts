/**
 * Drives the state machine of one stream: performs its effects on the log and on the stream, one after the other, and feeds back what
 * came of them. It knows frames, not sockets, so that the simulator can run the same code.
 */
import { MalformedError } from '../errors.ts'
import { decodeRecord, SIGNATURE_BYTES } from '../identity/index.ts'
import { wallOwner } from '../ids.ts'
import { MAX_CHAINS_PER_SPACE } from '../limits.ts'
import { readHeader } from '../log/entry.ts'
import { decodeEntry, makeForkProof, UnknownVersionError } from '../log/index.ts'
import { union } from '../log/ranges.ts'
import { MAX_INBOX_BYTES, MAX_INGEST_ENTRIES, MAX_RECEIPTS_PER_FRAME } from './constants.ts'
import { SyncFloodError } from './errors.ts'
import { decodeFrame, encodeFrame } from './frames.ts'
import { decodeReceipt, signReceipt } from './receipt.ts'
import { SyncState } from './state.ts'
import { comparePoints, trailOf } from './trail.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { SpaceId } from '../ids.ts'
import type { Clock } from '../interface.ts'
import type { Frame } from './frames.ts'
import type { Receipt, ReceiptSigner } from './receipt.ts'
import type { Effect, Summary, SyncEvent } from './state.ts'
import type { ChainKey, Entry, Log, Range } from '../log/index.ts'

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

/** Errors in what the peer sent, as against in our own store */
function isTheirFault (error: unknown): boolean {
  return error instanceof Error && ['MalformedError', 'MalformedIdError', 'LimitExceededError', 'InvalidSignatureError', 'UnknownVersionError'].includes(error.name)
}

/** What is of a later version is nobody's fault */
function passOverLater (error: unknown): undefined {
  if (!(error instanceof UnknownVersionError)) {
    throw error
  }
}

export class Session {
  private readonly init: SessionInit
  private readonly state = new SyncState()
  private readonly tasks: Task[] = []
  private inboxBytes = 0
  private working: Promise<void> | undefined
  private pumping: Promise<void> | undefined
  private pumpAgain = false
  private ended = false
  private readonly receiptsDue = new Map<SpaceId, Set<string> | 'all'>()
  private signing: Promise<void> | undefined

  constructor (init: SessionInit) {
    this.init = init
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
      this.changed(space)
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
    return this.working != null || this.pumping != null || this.signing != null
  }

  /** Resolves when everything that came in has been dealt with and everything that may go out has gone */
  async settled (): Promise<void> {
    while (this.isBusy) {
      await Promise.all([this.working, this.pumping, this.signing])
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
        await this.putRecords(effect.space, effect.records)
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
        await log.addForkProof(effect.proof).catch(passOverLater)
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
        await this.prove(effect)
        break
      case 'read-receipts':
        for (const receipt of effect.receipts) {
          this.init.onReceipt(await decodeReceipt(receipt))
        }
        break
      case 'sign-receipts':
        this.dueReceipts(effect.space, effect.chains)
        break
      case 'notify':
        this.init.notify(effect.event, effect.space)
        break
      case 'fail':
        throw effect.error
      case 'read':
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

    await this.dispatch({ type: 'loaded', space, summary: await this.summarize(space) })
  }

  private async summarize (space: SpaceId): Promise<Summary> {
    const chains = await this.init.log.views(space)
    const records = []

    for (const identity of new Set([wallOwner(space), ...chains.map(view => view.identity)])) {
      const found = await this.init.log.record(identity)

      if (found != null) {
        records.push({ identity, seq: found.record.seq, hash: found.hash })
      }
    }

    return { records, chains }
  }

  private async ingest (space: SpaceId, stored: Uint8Array[]): Promise<void> {
    const entries: Entry[] = []

    for (const bytes of stored) {
      try {
        entries.push(decodeEntry(bytes))
      } catch (err) {
        passOverLater(err)
      }
    }

    for (const { chain, ranges } of rangesByChain(entries)) {
      await this.dispatch({ type: 'received', space, chain, ranges })
    }

    const result = await this.init.log.ingest(space, entries)

    await this.dispatch({ type: 'ingested', space, result })
  }

  private async putRecords (space: SpaceId, records: Uint8Array[]): Promise<void> {
    const { log } = this.init

    for (const bytes of records) {
      const record = await decodeRecord(bytes).catch(passOverLater)
      const identity = record?.record.identity

      if (record == null || identity == null) {
        continue
      }

      // nobody may fill our store with records of people who do not write here
      if (identity === wallOwner(space) || (log.mayWrite(space, identity) && (await log.authors(space)).length < MAX_CHAINS_PER_SPACE)) {
        await log.putRecord(record)
      }
    }
  }

  private async prove ({ chain, branch }: Extract<Effect, { type: 'prove' }>): Promise<void> {
    try {
      const { log } = this.init
      const bottom = branch.headers[branch.headers.length - 1]
      const own = bottom == null ? undefined : await log.branch(chain, readHeader(bottom).seq)

      if (own != null) {
        await log.addForkProof((await makeForkProof(own, branch)).bytes)
      }
    } catch (err) {
      if (!isTheirFault(err)) {
        throw err
      }
      // what was held changed while the two of us were searching: the next `have` begins again
    }
  }

  private dueReceipts (space: SpaceId, chains: ChainKey[] | undefined): void {
    if (this.init.receipts == null) {
      return
    }

    const due = this.receiptsDue.get(space) ?? new Set<string>()

    if (chains == null || due === 'all') {
      this.receiptsDue.set(space, 'all')
    } else {
      chains.forEach(({ identity, device }) => due.add(identity + device))
      this.receiptsDue.set(space, due)
    }

    this.signing ??= this.signReceipts(this.init.receipts).finally(() => { this.signing = undefined })
  }

  /** Receipts are cumulative: what became due while others were being signed goes into the next ones */
  private async signReceipts (signer: ReceiptSigner): Promise<void> {
    for (const [space, due] of this.receiptsDue) {
      this.receiptsDue.delete(space)

      const receipts: Uint8Array[] = []

      for (const { identity, device, ranges } of await this.init.log.views(space)) {
        const first = ranges[0]

        if (first?.from !== 0 || (due !== 'all' && !due.has(identity + device))) {
          continue
        }

        const chain: ChainKey = { space, identity, device }
        const [head] = await this.init.log.ids(chain, [first.to])

        if (head != null) {
          receipts.push(await signReceipt(signer, { chain, seq: first.to, head, time: this.init.clock.now() }))
        }
      }

      for (let i = 0; i < receipts.length && !this.ended; i += MAX_RECEIPTS_PER_FRAME) {
        await this.send({ type: 'receipts', space, receipts: receipts.slice(i, i + MAX_RECEIPTS_PER_FRAME) })
      }
    }
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

  private async sendStored ({ space, chain, from, to, maxBytes }: Extract<Effect, { type: 'read' }>): Promise<void> {
    const entries: Uint8Array[] = []
    const ranges: Range[] = []
    let bytes = 0
    let rest: Range | undefined

    for await (const stored of this.init.log.readStored(chain, { from, to, reverse: true })) {
      if (bytes + stored.bytes.length > maxBytes) {
        rest = { from, to: stored.seq }
        break
      }

      bytes += stored.bytes.length
      entries.push(stored.bytes)
      addDescending(ranges, stored.seq)
    }

    this.state.handle({ type: 'sent', space, chain, bytes, slice: { from, to }, ranges: ranges.reverse(), ...(rest == null ? {} : { rest }) })

    if (entries.length > 0) {
      await this.send({ type: 'entries', space, entries })
    }
  }
}

/** What of which chains these are */
function rangesByChain (entries: Entry[]): Array<{ chain: ChainKey, ranges: Range[] }> {
  const chains = new Map<string, { chain: ChainKey, ranges: Range[] }>()
  let last: { chain: ChainKey, ranges: Range[] } | undefined

  for (const { header: { space, identity, device, seq } } of entries) {
    if (last?.chain.device !== device || last.chain.identity !== identity) {
      last = chains.get(identity + device) ?? { chain: { space, identity, device }, ranges: [] }
      chains.set(identity + device, last)
    }

    addDescending(last.ranges, seq)
  }

  return [...chains.values()].map(({ chain, ranges }) => ({ chain, ranges: union(ranges, []) }))
}

/** Entries travel newest first */
function addDescending (ranges: Range[], seq: number): void {
  const range = ranges[ranges.length - 1]

  if (range?.from === seq + 1) {
    range.from = seq
  } else {
    ranges.push({ from: seq, to: seq })
  }
}
