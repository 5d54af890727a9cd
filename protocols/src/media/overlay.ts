import { blockKey } from './block-key.ts'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

export interface Overlay {
  blockstore: Pick<Blockstore, 'get' | 'put' | 'has'>
  add (cid: CID, block: Uint8Array): void
}

/** A blockstore and, in memory, some blocks that it has no room for */
export function overlay (under: Blockstore): Overlay {
  const blocks = new Map<string, Uint8Array>()

  return {
    add (cid, block) {
      blocks.set(blockKey(cid), block)
    },
    blockstore: {
      put: (cid, block, options) => under.put(cid, block, options),
      has: (cid, options) => blocks.has(blockKey(cid)) || under.has(cid, options),
      async * get (cid, options) {
        const block = blocks.get(blockKey(cid))

        if (block == null) {
          yield * under.get(cid, options)
        } else {
          yield block
        }
      }
    }
  }
}
