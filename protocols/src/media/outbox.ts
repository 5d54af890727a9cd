import { blockKey } from './block-key.ts'
import { MAX_WANTS_PER_PEER } from './constants.ts'
import { addWant, bitswapMessage } from './message.ts'
import type { BitswapMessage } from './message.ts'
import type { CID } from 'multiformats/cid'

/** A want, and how many files wait for it */
interface Entry {
  cid: CID
  count: number
}

/** What is asked of one peer: a bounded number of blocks at the same time, the others in the order in which they were wanted */
export class Outbox {
  /** When anything last came from the peer */
  lastHeard = 0
  /** It was asked and has not said anything for a while */
  silent = false
  readonly #sent = new Map<string, Entry>()
  readonly #waiting = new Map<string, Entry>()
  readonly #cancels = new Map<string, CID>()
  readonly #send: (message: BitswapMessage) => Promise<void>
  readonly #lost: (key: string) => void
  #scheduled = false

  /**
   * @param send - to the peer
   * @param lost - is told of each want that could not be sent
   */
  constructor (send: (message: BitswapMessage) => Promise<void>, lost: (key: string) => void) {
    this.#send = send
    this.#lost = lost
  }

  heard (now: number): void {
    this.lastHeard = now
    this.silent = false
  }

  ask (cid: CID): void {
    const key = blockKey(cid)
    const entry = this.#sent.get(key) ?? this.#waiting.get(key)

    if (entry == null) {
      this.#waiting.set(key, { cid, count: 1 })
      this.#schedule()
    } else {
      entry.count++
    }
  }

  askAgain (key: string): void {
    const entry = this.#sent.get(key)

    if (entry != null) {
      this.#sent.delete(key)
      this.#waiting.set(key, entry)
      this.#schedule()
    }
  }

  /** One file less waits for the block */
  release (key: string): void {
    const entry = this.#sent.get(key) ?? this.#waiting.get(key)

    if (entry == null || --entry.count > 0) {
      return
    }

    this.#waiting.delete(key)

    if (this.#sent.delete(key)) {
      this.#cancels.set(key, entry.cid)
      this.#schedule()
    }
  }

  /** The peer has answered a want in one way or the other: there is room for the next */
  answered (key: string): void {
    if (this.#sent.delete(key) && this.#waiting.size > 0) {
      this.#schedule()
    }
  }

  #schedule (): void {
    if (!this.#scheduled) {
      this.#scheduled = true
      queueMicrotask(() => { this.#flush() })
    }
  }

  #flush (): void {
    this.#scheduled = false
    const message = bitswapMessage()
    const asked: string[] = []

    for (const [key, cid] of this.#cancels) {
      // a want of the same block in the same message would be undone by it
      if (!this.#waiting.has(key)) {
        addWant(message, cid, true)
      }
    }

    this.#cancels.clear()

    for (const [key, entry] of this.#waiting) {
      if (this.#sent.size >= MAX_WANTS_PER_PEER) {
        break
      }

      this.#waiting.delete(key)
      this.#sent.set(key, entry)
      asked.push(key)
      addWant(message, entry.cid, false)
    }

    if (message.wantlist.size > 0) {
      this.#send(message).catch(() => {
        for (const key of asked) {
          this.answered(key)
          this.#lost(key)
        }
      })
    }
  }
}
