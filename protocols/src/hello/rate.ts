/** How often each peer may begin a handshake here. */
import { MAX_COUNTED_PEERS, MAX_HELLOS_PER_MINUTE } from './constants.ts'
import type { Clock } from '../interface.ts'

const MINUTE_MS = 60_000

export interface Rate {
  /** Counts one more; false if that is too many */
  take (peer: string): boolean
  /** Who proved to be somebody who is expected here may come as often as its connections break */
  giveBack (peer: string): void
  clear (): void
}

export function createRate (clock: Clock): Rate {
  const counts = new Map<string, { since: number, count: number }>()

  return {
    take (peer) {
      const now = clock.now()
      const before = counts.get(peer)
      const current = before == null || now - before.since >= MINUTE_MS || now < before.since ? { since: now, count: 0 } : before

      current.count++
      counts.delete(peer)
      counts.set(peer, current)

      for (const oldest of counts.keys()) {
        if (counts.size <= MAX_COUNTED_PEERS) {
          break
        }

        counts.delete(oldest)
      }

      return current.count <= MAX_HELLOS_PER_MINUTE
    },
    giveBack (peer) {
      const current = counts.get(peer)

      if (current != null && current.count > 0) {
        current.count--
      }
    },
    clear () {
      counts.clear()
    }
  }
}
