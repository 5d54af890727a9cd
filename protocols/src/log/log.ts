import { compareRecords } from '../identity/index.ts'
import { deviceId, publicWall, wallOwner } from '../ids.ts'
import { SIGNATURE_INTERVAL } from '../limits.ts'
import { Chains } from './chains.ts'
import { dropLostBranch, withCut } from './cut.ts'
import { encodeEntry, signEntry } from './entry.ts'
import { ForkedChainError, NotAWriterError } from './errors.ts'
import { forgetPayload, forgetSpace } from './forget.ts'
import { decodeForkProof } from './fork-proof.ts'
import { headOf, insertSegment } from './held.ts'
import { planIntake } from './ingest.ts'
import { chainPrefix, seqKey } from './keys.ts'
import { Reader } from './reader.ts'
import { Records, standingOf } from './records.ts'
import { Serial } from './serial.ts'
import { countsAt, toState, toView } from './view.ts'
import type { SignedRecord, Signer } from '../identity/index.ts'
import type { EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { Store, StoreOp } from '../interface.ts'
import type { HeldChain } from './chains.ts'
import type { ChainKey, Entry } from './entry.ts'
import type { Branch } from './fork-proof.ts'
import type { Held } from './held.ts'
import type { AppendInit, ChainState, ChainView, IngestResult, Log, LogEvents, LogInit, ReadOptions, StoredEntry } from './index.ts'

const STRICT = { durability: 'strict' } as const

/** Only the owner writes in a public wall; other spaces need a policy of their own */
function ownerOnly (space: SpaceId, identity: IdentityId): boolean {
  return wallOwner(space) === identity
}

class StoreLog extends EventTarget implements Log {
  private readonly store: Store
  private readonly chainsHeld: Chains
  private readonly records: Records
  private readonly reader: Reader
  private readonly serial = new Serial()
  private readonly policy: NonNullable<LogInit['mayWrite']>
  private readonly signatureInterval: number

  constructor (init: LogInit) {
    super()
    this.store = init.store
    this.chainsHeld = new Chains(init.store)
    this.records = new Records(init.store)
    this.reader = new Reader(init.store, this.chainsHeld)
    this.policy = init.mayWrite ?? ownerOnly
    this.signatureInterval = init.signatures === 'all' ? 1 : SIGNATURE_INTERVAL
  }

  async append (signer: Signer, init: AppendInit): Promise<Entry> {
    const key: ChainKey = { space: init.space, identity: init.identity, device: deviceId(signer.publicKey) }

    return this.serial.run(init.space, async () => {
      const standing = await this.records.standing(key)
      const before = await this.chainsHeld.get(key)

      if (standing.status !== 'open' || init.rec > standing.rec || !this.mayWrite(key.space, key.identity)) {
        throw new NotAWriterError('This device is not listed as one that may write here')
      }

      if (before?.held.fork != null) {
        throw new ForkedChainError('Two copies of this device have been writing: it has to be replaced by a new one')
      }

      const held: Held = before == null ? { segments: [] } : { ...before.held }
      const head = headOf(held)
      const place = { v: 1, ...key, rec: init.rec, seq: head == null ? 0 : head.seq + 1, prev: head?.id ?? null, time: init.time } as const
      const entry = init.epoch == null
        ? await signEntry(signer, place, init.payload)
        : await signEntry(signer, { ...place, epoch: init.epoch }, await init.payload({ ...place, epoch: init.epoch }))
      const { seq, prev } = entry.header

      insertSegment(held, { from: seq, to: seq, below: prev, top: entry.id })
      await this.write(key.space, [
        { type: 'put', key: seqKey(chainPrefix('entry', key), seq), value: encodeEntry(entry) },
        this.chainsHeld.op(key, held)
      ], [{ key, held }])
      this.emit('entries:added', { space: key.space, entries: [entry] })

      return entry
    })
  }

  async ingest (space: SpaceId, entries: Entry[]): Promise<IngestResult> {
    return this.serial.run(space, async () => {
      const chains = await this.chainsHeld.of(space)
      const { store, records, signatureInterval } = this
      const intake = await planIntake({ store, chains: this.chainsHeld, records, mayWrite: this.policy, signatureInterval }, space, chains, entries)

      if (intake.ops.length > 0) {
        await this.write(space, intake.ops, intake.changed)
      }

      if (intake.result.added.length > 0) {
        this.emit('entries:added', { space, entries: intake.result.added })
      }

      intake.recount.forEach(detail => { this.emit('counts:changed', detail) })

      return intake.result
    })
  }

  async chains (space: SpaceId): Promise<ChainState[]> {
    return [...(await this.chainsHeld.of(space)).values()].flatMap(chain => toState(chain) ?? [])
  }

  async chain (key: ChainKey): Promise<ChainState | undefined> {
    const found = await this.chainsHeld.get(key)

    return found == null ? undefined : toState(found)
  }

  async spaces (): Promise<SpaceId[]> {
    return this.reader.spaces()
  }

  read (chain: ChainKey, options: ReadOptions = {}): AsyncIterable<Entry> {
    return this.reader.entries(chain, options)
  }

  readStored (chain: ChainKey, options: ReadOptions & { limit?: number } = {}): AsyncIterable<StoredEntry> {
    return this.reader.stored(chain, options)
  }

  async get (chain: ChainKey, seq: number): Promise<Entry | undefined> {
    return this.reader.entry(chain, seq)
  }

  async ids (chain: ChainKey, seqs: number[]): Promise<Array<EntryId | undefined>> {
    return this.reader.ids(chain, seqs)
  }

  async branch (chain: ChainKey, seq: number): Promise<Branch | undefined> {
    return this.reader.branch(chain, seq)
  }

  async dropPayload (chain: ChainKey, seq: number): Promise<void> {
    await this.serial.run(chain.space, async () => forgetPayload(this.store, chain, seq))
  }

  async dropSpace (space: SpaceId): Promise<void> {
    await this.serial.run(space, async () => {
      this.chainsHeld.forget(space)
      await forgetSpace(this.store, space)
      this.chainsHeld.forget(space)
    })
  }

  async record (identity: IdentityId): Promise<SignedRecord | undefined> {
    return this.records.get(identity)
  }

  async putRecord (record: SignedRecord): Promise<boolean> {
    const { identity } = record.record
    const space = publicWall(identity)

    return this.serial.run(space, async () => {
      const known = await this.records.get(identity)

      if (known != null && compareRecords(record, known) <= 0) {
        return false
      }

      const changed: HeldChain[] = []
      const ops: StoreOp[] = [this.records.op(record)]

      for (const { key, held: before } of (await this.chainsHeld.of(space)).values()) {
        const held = key.identity === identity ? await withCut(before, standingOf(record, key.device), this.readStored(key, { reverse: true })) : undefined

        if (held != null) {
          ops.push(...await dropLostBranch(this.store, chainPrefix('entry', key), held), this.chainsHeld.op(key, held))
          changed.push({ key, held })
        }
      }

      await this.store.batch(ops, STRICT)
      this.records.set(record)
      this.chainsHeld.set(space, await this.chainsHeld.of(space), changed)
      this.emit('record:changed', { record })

      for (const { key } of (await this.chainsHeld.of(space)).values()) {
        if (known == null || standingOf(known, key.device).status !== standingOf(record, key.device).status || changed.some(chain => chain.key === key)) {
          this.emit('counts:changed', { chain: key, views: true })
        }
      }

      return true
    })
  }

  async dropRecord (identity: IdentityId): Promise<void> {
    const wall = publicWall(identity)

    await this.serial.run(wall, async () => (await this.chainsHeld.of(wall)).size === 0 ? this.records.drop(identity) : undefined)
  }

  async setCut (key: ChainKey, cut: EntryId | null): Promise<void> {
    await this.serial.run(key.space, async () => {
      if (!this.records.tell(key, cut)) {
        return
      }

      const before = await this.chainsHeld.get(key)
      const standing = await this.records.standing(key)
      const held = before == null ? undefined : await withCut(before.held, standing, this.readStored(key, { reverse: true }))

      if (held != null) {
        const lost = await dropLostBranch(this.store, chainPrefix('entry', key), held)
        await this.write(key.space, [...lost, this.chainsHeld.op(key, held)], [{ key, held }])
      }

      this.emit('counts:changed', { chain: key, views: true })
    })
  }

  async authors (space: SpaceId): Promise<IdentityId[]> {
    return [...new Set((await this.chains(space)).map(({ identity }) => identity))]
  }

  async counts (entry: Entry): Promise<boolean> {
    const { seq } = entry.header
    const standing = await this.records.standing(entry.header)
    const chain = await this.chainsHeld.get(entry.header)

    return chain != null && countsAt(chain.held, standing, seq)
  }

  mayWrite (space: SpaceId, identity: IdentityId): boolean {
    return this.policy(space, identity)
  }

  async views (space: SpaceId): Promise<ChainView[]> {
    const out: ChainView[] = []

    for (const chain of (await this.chainsHeld.of(space)).values()) {
      out.push(await toView(chain, await this.records.standing(chain.key), async seq => (await this.ids(chain.key, [seq]))[0]))
    }

    return out
  }

  async forkProof (chain: ChainKey): Promise<Uint8Array | undefined> {
    return this.store.get(chainPrefix('fork', chain))
  }

  async addForkProof (bytes: Uint8Array): Promise<boolean> {
    const { chain: key, seq } = await decodeForkProof(bytes)

    return this.serial.run(key.space, async () => {
      const standing = await this.records.standing(key)
      const before = await this.chainsHeld.get(key)

      if (standing.status === 'unknown' || !this.mayWrite(key.space, key.identity) || (before?.held.fork ?? Infinity) <= seq) {
        return false
      }

      const held: Held = { segments: [], ...before?.held, fork: seq }
      const lost = await dropLostBranch(this.store, chainPrefix('entry', key), held)

      await this.write(key.space, [
        { type: 'put', key: chainPrefix('fork', key), value: bytes },
        ...lost,
        this.chainsHeld.op(key, held)
      ], [{ key, held }])
      this.emit('fork:found', { chain: key, seq })
      this.emit('counts:changed', { chain: key, views: true })

      return true
    })
  }

  private async write (space: SpaceId, ops: StoreOp[], changed: HeldChain[]): Promise<void> {
    const chains = await this.chainsHeld.of(space)

    await this.store.batch(ops, STRICT)
    this.chainsHeld.set(space, chains, changed)
  }

  private emit<K extends keyof LogEvents> (type: K, detail: LogEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}

/**
 * A log over a Store. Reads nothing until it is asked: opening takes as long for a large wall as for an empty one.
 *
 * @example
 * ```ts
 * const log = createLog({ store, clock: systemClock })
 * await log.putRecord(record)
 * await log.append(signer, { space: publicWall(identity), identity, rec: record.record.seq, payload, time: clock.now() })
 * ```
 */
export function createLog (init: LogInit): Log {
  return new StoreLog(init)
}
