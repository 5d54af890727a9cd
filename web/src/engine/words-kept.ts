import type { Store } from '@pergola/protocols'

/** Remembers that the recovery words were written down */
export interface WordsKept {
  get (): Promise<boolean>
  /** Resolves once durable */
  set (): Promise<void>
}

const KEY = new TextEncoder().encode('kept')

export function wordsKept (store: Store): WordsKept {
  return {
    get: async () => await store.get(KEY) != null,
    set: async () => store.put(KEY, new Uint8Array([1]), { durability: 'strict' })
  }
}
