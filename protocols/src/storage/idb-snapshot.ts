import { toHex } from '../ids.ts'
import { compareKeys } from './checks.ts'

export type StoredRecord = [key: Uint8Array, value: Uint8Array]

/** The stretch of keys that a page covers; an undefined bound is open */
export interface Stretch {
  gte?: Uint8Array
  lt?: Uint8Array
  reverse: boolean
}

/**
 * IndexedDB has no snapshot that outlives a transaction, so a range that is read in pages remembers what writes made meanwhile have
 * replaced, and puts it back into the pages that come after.
 */
export class Snapshot {
  /** By key: as it was when the range began; undefined where there was nothing */
  readonly #before = new Map<string, { key: Uint8Array, value: Uint8Array | undefined }>()

  /** Called with what a write is about to replace; only the first time counts */
  remember (key: Uint8Array, value: Uint8Array | undefined): void {
    const name = toHex(key)

    if (!this.#before.has(name)) {
      this.#before.set(name, { key: key.slice(), value: value?.slice() })
    }
  }

  /** The page as it would have been when the range began */
  restore (page: StoredRecord[], { gte, lt, reverse }: Stretch): StoredRecord[] {
    if (this.#before.size === 0) {
      return page
    }

    const restored = page.filter(([key]) => !this.#before.has(toHex(key)))

    for (const { key, value } of this.#before.values()) {
      if (value != null && (gte == null || compareKeys(key, gte) >= 0) && (lt == null || compareKeys(key, lt) < 0)) {
        restored.push([key, value])
      }
    }

    return restored.sort(([a], [b]) => reverse ? compareKeys(b, a) : compareKeys(a, b))
  }
}
