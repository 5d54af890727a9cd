/** How often something may happen for each key. */
import type { Clock } from './interface.ts'

const MINUTE_MS = 60_000

export interface Rate {
  /** Counts one more; false if that is too many */
  take (key: string): boolean
  /** Counts one less */
  giveBack (key: string): void
  clear (): void
}

/**
 * Counts anew for each key a minute after the first.
 *
 * @param clock - tells when a minute is over
 * @param max - so many a minute
 * @param maxKeys - so many keys are remembered; the one that was counted longest ago is forgotten first
 */
export function ratePerMinute (clock: Clock, max: number, maxKeys: number): Rate {
  const counts = new Map<string, { since: number, count: number }>()

  return {
    take (key) {
      const now = clock.now()
      const before = counts.get(key)
      const current = before == null || now - before.since >= MINUTE_MS || now < before.since ? { since: now, count: 0 } : before

      current.count++
      counts.delete(key)
      counts.set(key, current)

      for (const oldest of counts.keys()) {
        if (counts.size <= maxKeys) {
          break
        }

        counts.delete(oldest)
      }

      return current.count <= max
    },
    giveBack (key) {
      const current = counts.get(key)

      if (current != null && current.count > 0) {
        current.count--
      }
    },
    clear () {
      counts.clear()
    }
  }
}
