import { WRITE_BATCH_BYTES } from './constants.ts'
import { readBlock } from './read-block.ts'
import type { DurableBlockstore } from './store-blockstore.ts'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

export interface DurableWriter extends Pick<Blockstore, 'has'> {
  put (cid: CID, block: Parameters<Blockstore['put']>[1]): Promise<CID>
  get (cid: CID): AsyncGenerator<Uint8Array>
  /** Everything that was put is durable once this resolves */
  flush (): Promise<void>
}

/** Blocks go to the blockstore in durable batches: one fsync for each block would make a large file slow */
export function addToBatch (blockstore: DurableBlockstore): DurableWriter {
  let waiting: Array<{ cid: CID, bytes: Uint8Array }> = []
  let size = 0
  let last: Promise<void> = Promise.resolve()

  async function write (batch: typeof waiting): Promise<void> {
    for await (const cid of blockstore.putMany(batch, { durability: 'strict' })) {
      void cid
    }
  }

  async function flush (): Promise<void> {
    const batch = waiting
    waiting = []
    size = 0

    if (batch.length > 0) {
      last = last.then(async () => write(batch))
    }

    await last
  }

  return {
    flush,
    has: () => false,
    async put (cid, block) {
      if (!(block instanceof Uint8Array)) {
        throw new TypeError('A block must come in one piece')
      }

      waiting.push({ cid, bytes: block })
      size += block.length

      if (size >= WRITE_BATCH_BYTES) {
        await flush()
      }

      return cid
    },
    async * get (cid) {
      await flush()
      const block = await readBlock(blockstore, cid)

      if (block != null) {
        yield block
      }
    }
  }
}
