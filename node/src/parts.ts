/** What lies where in the sealed store of a home node. */
import { prefixStore } from '@pergola/protocols'
import type { Store } from '@pergola/protocols'

const encoder = new TextEncoder()

export const PEER = encoder.encode('peer/')
export const BLOCKS = encoder.encode('blocks/')
export const KEYS = encoder.encode('keys/')

export function part (store: Store, prefix: Uint8Array): Store {
  return prefixStore(store, prefix)
}
