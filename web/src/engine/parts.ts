/** What lies where in the sealed store of a browser. */
import { prefixStore } from '@pergola/protocols'
import type { Store } from '@pergola/protocols'

const encoder = new TextEncoder()

export const PEER = encoder.encode('p/')
export const BLOCKS = encoder.encode('b/')
export const KEYS = encoder.encode('k/')
/** The recovery phrase until it was written down */
export const WORDS = encoder.encode('w/')

export function part (store: Store, prefix: Uint8Array): Store {
  return prefixStore(store, prefix)
}
