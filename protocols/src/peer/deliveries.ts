/** Where one's own posts are: kept from signed receipts, never guessed. */
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode, readMap, readUint } from '../codec/index.ts'
import { fromHex, toHex } from '../ids.ts'
import type { Store } from '../interface.ts'
import type { ChainKey } from '../log/index.ts'
import type { Receipt } from '../sync/index.ts'
import type { CID } from 'multiformats/cid'

/** Raw Ed25519 key of a holder, as lower-case hexadecimal text */
export type HolderId = string

export interface DeliveriesEvents {
  /** Something is known to be at one place more */
  'delivery:changed': CustomEvent<undefined>
}

export interface Deliveries extends EventTarget {
  load (): Promise<void>
  /** Keeps a receipt whose signature was verified; dispatches `delivery:changed` if it says anything new */
  take (receipt: Receipt): Promise<void>
  /** Keeps a pin receipt whose signature was verified */
  takePin (by: Uint8Array, cid: CID): Promise<void>
  /** Whether a holder has the entry and, as far as it has said, every one of these files */
  holds (by: HolderId, chain: ChainKey, seq: number, media: CID[]): boolean
  hasPin (by: HolderId, cid: CID): boolean

  addEventListener<K extends keyof DeliveriesEvents> (type: K, listener: (event: DeliveriesEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof DeliveriesEvents> (type: K, listener: (event: DeliveriesEvents[K]) => void): void
}

const RECEIPT = Uint8Array.of(0x72)
const PIN = Uint8Array.of(0x70)
const MAX_VALUE_BYTES = 64

function chainText (chain: ChainKey): string {
  return chain.space + chain.identity + chain.device
}

class DeliveryBook extends EventTarget implements Deliveries {
  readonly #store: Store
  readonly #seqs = new Map<string, number>()
  readonly #pins = new Set<string>()

  constructor (store: Store) {
    super()
    this.#store = store
  }

  async load (): Promise<void> {
    for await (const [key, value] of this.#store.range({ gte: PIN, lt: Uint8Array.of(RECEIPT[0] + 1) })) {
      const name = toHex(key.subarray(1))

      if (key[0] === PIN[0]) {
        this.#pins.add(name)
      } else {
        this.#seqs.set(name, readUint(readMap(decodeCanonical(value, { maxBytes: MAX_VALUE_BYTES }), 'A stored receipt', ['seq']).seq, 'seq'))
      }
    }
  }

  async take (receipt: Receipt): Promise<void> {
    const name = toHex(receipt.by) + chainText(receipt.chain)

    if ((this.#seqs.get(name) ?? -1) >= receipt.seq) {
      return
    }

    this.#seqs.set(name, receipt.seq)
    await this.#store.put(concat([RECEIPT, fromHex(name)]), encode({ seq: receipt.seq }))
    this.dispatchEvent(new CustomEvent('delivery:changed'))
  }

  async takePin (by: Uint8Array, cid: CID): Promise<void> {
    const name = toHex(concat([by, cid.multihash.digest]))

    if (this.#pins.has(name)) {
      return
    }

    this.#pins.add(name)
    await this.#store.put(concat([PIN, fromHex(name)]), new Uint8Array())
    this.dispatchEvent(new CustomEvent('delivery:changed'))
  }

  holds (by: HolderId, chain: ChainKey, seq: number, media: CID[]): boolean {
    return (this.#seqs.get(by + chainText(chain)) ?? -1) >= seq && media.every(cid => this.hasPin(by, cid))
  }

  hasPin (by: HolderId, cid: CID): boolean {
    return this.#pins.has(by + toHex(cid.multihash.digest))
  }
}

export function createDeliveries (store: Store): Deliveries {
  return new DeliveryBook(store)
}
