/** Files as a row of blocks, to be carried elsewhere and taken in there. */
import { unixfs } from '@helia/unixfs'
import { addToBatch } from './durable-writer.ts'
import { MalformedMediaError, MediaLimitError, MediaUnavailableError } from './errors.ts'
import { readBlock } from './read-block.ts'
import { walk } from './walk.ts'
import type { PinRegistry } from './pin-registry.ts'
import type { DurableBlockstore } from './store-blockstore.ts'
import type { Walked, WalkInit } from './walk.ts'
import type { AbortOptions } from '../interface.ts'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

export interface CopyOptions extends AbortOptions {
  /** Bytes of all blocks together, each counted once */
  maxBytes: number
  /** The block of this CID, whose bytes were found to be what it names: asked for in the order of `blocks`, one after the other */
  next (cid: CID): Promise<Uint8Array>
}

export interface Copies {
  /**
   * Every block of a file that is wholly here, each once, breadth first.
   *
   * @throws {MediaUnavailableError}
   */
  blocks (cid: CID, options?: AbortOptions): AsyncIterable<{ cid: CID, bytes: Uint8Array }>
  /**
   * What is in a file that is wholly here, piece by piece.
   *
   * @throws {MediaUnavailableError | MalformedMediaError | MediaLimitError}
   */
  content (cid: CID, size: number, options?: AbortOptions): AsyncIterable<Uint8Array>
  /**
   * Asks for every block of a file and keeps none.
   *
   * @throws {MalformedMediaError | MediaLimitError} and what `next` throws
   */
  check (cid: CID, options: CopyOptions): Promise<void>
  /** As `check`, and pins the file, durable once resolved. Says whether it was not pinned before */
  take (cid: CID, options: CopyOptions): Promise<boolean>
}

export interface CopiesComponents {
  blockstore: DurableBlockstore
  registry: PinRegistry
  decodeLinks: WalkInit['decodeLinks']
}

/** The content of a file piece by piece, exactly `size` bytes */
export async function * contentOf (from: Pick<Blockstore, 'get' | 'put' | 'has'>, cid: CID, size: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let length = 0

  try {
    for await (const part of unixfs({ blockstore: from }).cat(cid, { signal })) {
      length += part.length

      if (length > size) {
        throw new MediaLimitError('The file is larger than was announced')
      }

      yield part
    }
  } catch (err) {
    signal?.throwIfAborted()

    if (err instanceof MediaLimitError) {
      throw err
    }

    throw new MalformedMediaError('The file cannot be put together from its parts', { cause: err })
  }

  if (length !== size) {
    throw new MalformedMediaError('The file is smaller than was announced')
  }
}

export function copies ({ blockstore, registry, decodeLinks }: CopiesComponents): Copies {
  async function local (cid: CID): Promise<Uint8Array> {
    const block = await readBlock(blockstore, cid)

    if (block == null) {
      throw new MediaUnavailableError('Not all of the file is here')
    }

    return block
  }

  /** One block at a time, so that the order is the same everywhere */
  async function inOrder (cid: CID, init: Pick<WalkInit, 'maxBytes' | 'load' | 'onBlock' | 'signal'>): Promise<Walked> {
    return walk(cid, { ...init, decodeLinks, concurrency: 1 })
  }

  return {
    async * blocks (cid, { signal } = {}) {
      const { blocks } = await inOrder(cid, { maxBytes: Infinity, load: local, signal })

      for (const block of blocks) {
        yield { cid: block, bytes: await local(block) }
      }
    },
    async * content (cid, size, { signal } = {}) {
      await inOrder(cid, { maxBytes: Infinity, load: local, signal })
      yield * contentOf(blockstore, cid, size, signal)
    },
    async check (cid, { maxBytes, next, signal }) {
      await inOrder(cid, { maxBytes, load: next, signal })
    },
    async take (cid, { maxBytes, next, signal }) {
      if (await registry.size(cid) != null) {
        await inOrder(cid, { maxBytes, load: next, signal })

        return false
      }

      const hold = registry.hold()
      const writer = addToBatch(blockstore)

      try {
        const { blocks, size } = await inOrder(cid, {
          maxBytes,
          load: next,
          signal,
          async onBlock (block, bytes) {
            hold.add(block)
            await writer.put(block, bytes)
          }
        })
        await writer.flush()
        signal?.throwIfAborted()
        await registry.add(cid, size, blocks)

        return true
      } finally {
        hold.release()
      }
    }
  }
}
