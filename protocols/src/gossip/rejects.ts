import { MAX_REJECTED_PEERS, REJECT_FORGIVEN_MS, REJECT_SCORE } from './constants.ts'
import type { Clock } from '../interface.ts'

/** Counts the rejected messages of each peer: gossipsub's own count needs every topic named beforehand */
export class Rejects {
  readonly #clock: Clock
  readonly #peers = new Map<string, { count: number, since: number }>()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  add (peer: string): void {
    const count = this.count(peer) + 1
    const since = this.#peers.get(peer)?.since ?? this.#clock.now()

    this.#peers.delete(peer)
    this.#peers.set(peer, { count, since })

    if (this.#peers.size > MAX_REJECTED_PEERS) {
      const [oldest] = this.#peers.keys()
      this.#peers.delete(oldest)
    }
  }

  /** Rejects that are not forgiven yet */
  count (peer: string): number {
    const entry = this.#peers.get(peer)

    if (entry == null) {
      return 0
    }

    const forgiven = Math.max(0, Math.floor((this.#clock.now() - entry.since) / REJECT_FORGIVEN_MS))

    if (forgiven >= entry.count) {
      this.#peers.delete(peer)

      return 0
    }

    if (forgiven > 0) {
      entry.count -= forgiven
      entry.since += forgiven * REJECT_FORGIVEN_MS
    }

    return entry.count
  }

  score (peer: string): number {
    const count = this.count(peer)

    return count === 0 ? 0 : count * REJECT_SCORE
  }
}
