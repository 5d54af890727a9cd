/** Does to the log, and sends, what the state machine of a stream asks for. */
import { SIGNATURE_BYTES } from '../identity/index.ts'
import { addProof, prove, rangesByChain, readEntries, readRecords, summarize } from './log-effects.ts'
import { decodeReceipt } from './receipt.ts'
import { comparePoints, trailOf } from './trail.ts'
import type { Effect, SyncEvent } from './events.ts'
import type { Frame } from './frames.ts'
import type { Receipt } from './receipt.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { ChainKey, Entry, Log } from '../log/index.ts'

export interface PerformerInit {
  log: Log
  admits (space: SpaceId): boolean | Promise<boolean>
  takes? (space: SpaceId, bytes: number, recordOf?: IdentityId): boolean | Promise<boolean>
  send (frame: Frame): Promise<void>
  /** Tells the state machine what came of an effect, and performs what it asks for then */
  answer (event: SyncEvent): Promise<void>
  /** Receipts of these chains are due, or of all */
  signReceipts (space: SpaceId, chains?: ChainKey[]): void
  notify (event: 'space:opened' | 'space:caught-up' | 'space:refused', space: SpaceId): void
  onReceipt (receipt: Receipt): void
}

export class Performer {
  private readonly init: PerformerInit
  /** Entries that were read when they came in */
  private readonly read = new WeakMap<Uint8Array, Entry>()

  constructor (init: PerformerInit) {
    this.init = init
  }

  /**
   * Reads entries before their turn: while those before are being written there is time.
   *
   * @throws {MalformedError | LimitExceededError | MalformedIdError} if one is none
   */
  prepare (entries: Uint8Array[]): void {
    readEntries(entries, this.read)
  }

  async perform (effect: Effect): Promise<void> {
    const { log, answer, send } = this.init

    switch (effect.type) {
      case 'send':
        await send(effect.frame)
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
        await this.sendRecords(effect.space, effect.identities)
        break
      case 'add-proof':
        await addProof(log, effect.proof)
        break
      case 'send-proof':
        await this.sendProof(effect.chain)
        break
      case 'compare':
        await answer({ type: 'compared', chain: effect.chain, ...await comparePoints(log, effect.chain, effect.points) })
        break
      case 'answer-trace':
        await send({ type: 'trail', chain: effect.chain, points: await trailOf(log, effect.chain, effect.from, effect.to) })
        break
      case 'answer-branch': {
        // an empty one tells the asker that there is none
        const branch = await log.branch(effect.chain, effect.seq) ?? { headers: [], signature: new Uint8Array(SIGNATURE_BYTES) }

        await send({ type: 'branch', chain: effect.chain, branch })
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
        this.init.signReceipts(effect.space, effect.chains)
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

  private async load (space: SpaceId, remote: boolean): Promise<void> {
    if (remote && !await this.init.admits(space)) {
      await this.init.answer({ type: 'denied', space })
      return
    }

    await this.init.answer({ type: 'loaded', space, summary: await summarize(this.init.log, space) })
  }

  private async ingest (space: SpaceId, stored: Uint8Array[]): Promise<void> {
    if (!await this.fits(space, stored.reduce((sum, bytes) => sum + bytes.length, 0))) {
      return
    }

    const entries = readEntries(stored, this.read)

    for (const { chain, ranges } of rangesByChain(entries)) {
      await this.init.answer({ type: 'received', space, chain, ranges })
    }

    const result = await this.init.log.ingest(space, entries)

    await this.init.answer({ type: 'ingested', space, result })
  }

  private async putRecords (space: SpaceId, stored: Uint8Array[]): Promise<void> {
    for (const record of await readRecords(this.init.log, space, stored)) {
      if (!await this.fits(space, record.bytes.length, record.record.identity)) {
        return
      }

      await this.init.log.putRecord(record)
    }
  }

  /** Whether there is room; if not, the space is shared no more */
  private async fits (space: SpaceId, bytes: number, recordOf?: IdentityId): Promise<boolean> {
    const fits = await this.init.takes?.(space, bytes, recordOf) ?? true

    if (!fits) {
      await this.init.answer({ type: 'denied', space })
    }

    return fits
  }

  private async sendRecords (space: SpaceId, identities: IdentityId[]): Promise<void> {
    for (const identity of identities) {
      const record = await this.init.log.record(identity)

      if (record != null) {
        await this.init.send({ type: 'records', space, records: [record.bytes] })
      }
    }
  }

  private async sendProof (chain: ChainKey): Promise<void> {
    const proof = await this.init.log.forkProof(chain)

    if (proof != null) {
      await this.init.send({ type: 'fork', space: chain.space, proof })
    }
  }
}
