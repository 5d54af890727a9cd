/** Signs receipts of what is durable. They are cumulative: what becomes due while others are being signed goes into the next ones. */
import { MAX_RECEIPTS_PER_FRAME } from './constants.ts'
import { signReceipt } from './receipt.ts'
import type { ReceiptSigner } from './receipt.ts'
import type { SpaceId } from '../ids.ts'
import type { Clock } from '../interface.ts'
import type { ChainKey, Log } from '../log/index.ts'

export interface ReceiptWriterInit {
  log: Log
  clock: Clock
  signer: ReceiptSigner
  send (space: SpaceId, receipts: Uint8Array[]): Promise<void>
  /** The log cannot be read, or nothing be signed */
  fail (error: Error): void
}

export class ReceiptWriter {
  /** While there are any due */
  writing: Promise<void> | undefined
  private readonly init: ReceiptWriterInit
  /** By space, the names of chains */
  private readonly chainsDue = new Map<SpaceId, Set<string> | 'all'>()

  constructor (init: ReceiptWriterInit) {
    this.init = init
  }

  /** Receipts of these chains are due, or of all */
  due (space: SpaceId, chains?: ChainKey[]): void {
    const due = this.chainsDue.get(space) ?? new Set<string>()

    if (chains == null || due === 'all') {
      this.chainsDue.set(space, 'all')
    } else {
      chains.forEach(({ identity, device }) => due.add(identity + device))
      this.chainsDue.set(space, due)
    }

    this.begin()
  }

  private begin (): void {
    this.writing ??= this.write()
      .catch(err => {
        this.chainsDue.clear()
        this.init.fail(err)
      })
      .finally(() => {
        this.writing = undefined

        // what became due after the last look and before this
        if (this.chainsDue.size > 0) {
          this.begin()
        }
      })
  }

  private async write (): Promise<void> {
    const { log, clock, signer } = this.init

    for (const [space, due] of this.chainsDue) {
      this.chainsDue.delete(space)

      const receipts: Uint8Array[] = []

      for (const { identity, device, ranges } of await log.views(space)) {
        const [first] = ranges

        if (first?.from === 0 && (due === 'all' || due.has(identity + device))) {
          const chain: ChainKey = { space, identity, device }
          const [head] = await log.ids(chain, [first.to])

          if (head != null) {
            receipts.push(await signReceipt(signer, { chain, seq: first.to, head, time: clock.now() }))
          }
        }
      }

      for (let i = 0; i < receipts.length; i += MAX_RECEIPTS_PER_FRAME) {
        await this.init.send(space, receipts.slice(i, i + MAX_RECEIPTS_PER_FRAME))
      }
    }
  }
}
