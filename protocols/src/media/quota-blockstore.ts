/** A blockstore with a quota: when it is full, blocks that nothing keeps go, those first that were not used for the longest time. */
import { MemoryBlockstore } from 'blockstore-core'
import { blockKey } from './block-key.ts'
import { BLOCK_COST_BYTES, MAX_EVICTION_STEPS } from './constants.ts'
import { MediaQuotaError } from './errors.ts'
import { readBlock } from './read-block.ts'
import type { DurableBlockstore } from './store-blockstore.ts'
import type { AbortOptions, WriteOptions } from '../interface.ts'
import type { InputPair } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

export interface QuotaBlockstoreInit {
  /** Of all blocks together, kept ones too; each costs `BLOCK_COST_BYTES` more than it has bytes */
  maxBytes: number
  /** Whether a block must stay; that of a `PinRegistry` */
  keeps (cid: CID): boolean | Promise<boolean>
}

export interface QuotaBlockstore extends DurableBlockstore {
  /** What all blocks cost together */
  readonly bytes: number
}

interface Entry {
  cid: CID
  size: number
  /** Is being written: there is nothing to drop yet */
  writing: boolean
}

/** Where sizes can be had without reading blocks, as `storeBlockstore` gives them */
export type SizedBlockstore = DurableBlockstore & {
  sizes? (): AsyncIterable<{ cid: CID, size: number }>
}

async function * sizesOf (inner: SizedBlockstore): AsyncGenerator<{ cid: CID, size: number }> {
  if (inner.sizes != null) {
    yield * inner.sizes()
    return
  }

  for await (const { cid } of inner.getAll()) {
    yield { cid, size: (await readBlock(inner, cid))?.length ?? 0 }
  }
}

/** A block that does not fit is refused with `MediaQuotaError`. The order of use is not kept over a restart */
export async function quotaBlockstore (inner: SizedBlockstore, { maxBytes, keeps }: QuotaBlockstoreInit): Promise<QuotaBlockstore> {
  /** Least recently used first */
  const entries = new Map<string, Entry>()
  let total = 0
  let last: Promise<unknown> = Promise.resolve()

  for await (const { cid, size } of sizesOf(inner)) {
    entries.set(blockKey(cid), { cid, size: size + BLOCK_COST_BYTES, writing: false })
    total += size + BLOCK_COST_BYTES
  }

  async function inTurn<T> (task: () => Promise<T>): Promise<T> {
    const turn = last.then(task, task)
    last = turn.catch(() => {})

    return turn
  }

  function touch (cid: CID): void {
    const key = blockKey(cid)
    const entry = entries.get(key)

    if (entry != null) {
      entries.delete(key)
      entries.set(key, entry)
    }
  }

  function forget (key: string): void {
    const entry = entries.get(key)

    if (entry != null) {
      entries.delete(key)
      total -= entry.size
    }
  }

  async function makeRoom (size: number): Promise<void> {
    let steps = 0

    for (const [key, entry] of entries) {
      if (total + size <= maxBytes) {
        return
      }

      if (++steps > MAX_EVICTION_STEPS) {
        break
      }

      if (entry.writing || await keeps(entry.cid)) {
        touch(entry.cid)
      } else {
        await inner.delete(entry.cid)
        forget(key)
      }
    }

    if (total + size > maxBytes) {
      throw new MediaQuotaError('There is no room left for this file')
    }
  }

  /** Makes room and counts the block; undefined if it is here already */
  async function reserve (cid: CID, size: number): Promise<Entry | undefined> {
    return inTurn(async () => {
      if (entries.has(blockKey(cid))) {
        touch(cid)
        return undefined
      }

      await makeRoom(size)
      const entry = { cid, size, writing: true }
      entries.set(blockKey(cid), entry)
      total += size

      return entry
    })
  }

  async function * putMany (source: Iterable<InputPair> | AsyncIterable<InputPair>, options?: AbortOptions & WriteOptions): AsyncGenerator<CID> {
    const writing = new Set<Entry>()

    async function * reserved (): AsyncGenerator<InputPair> {
      for await (const { cid, bytes } of source) {
        const entry = await reserve(cid, sizeOf(bytes) + BLOCK_COST_BYTES)

        if (entry != null) {
          writing.add(entry)
        }

        yield { cid, bytes }
      }
    }

    try {
      yield * inner.putMany(reserved(), options)

      for (const entry of writing) {
        entry.writing = false
      }

      writing.clear()
    } finally {
      for (const { cid } of writing) {
        if (!await inner.has(cid)) {
          forget(blockKey(cid))
        }
      }

      for (const entry of writing) {
        entry.writing = false
      }
    }
  }

  async function remove (cid: CID, options?: AbortOptions): Promise<void> {
    await inTurn(async () => {
      await inner.delete(cid, options)
      forget(blockKey(cid))
    })
  }

  return {
    get bytes () {
      return total
    },
    async put (cid, bytes, options) {
      for await (const put of putMany([{ cid, bytes }], options)) {
        void put
      }

      return cid
    },
    putMany,
    async * get (cid, options) {
      touch(cid)
      yield * inner.get(cid, options)
    },
    async * getMany (source, options) {
      for await (const cid of source) {
        touch(cid)
        yield { cid, bytes: inner.get(cid, options) }
      }
    },
    has: (cid, options) => inner.has(cid, options),
    delete: remove,
    async * deleteMany (source, options) {
      for await (const cid of source) {
        await remove(cid, options)
        yield cid
      }
    },
    getAll: options => inner.getAll(options)
  }
}

function sizeOf (bytes: InputPair['bytes']): number {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError('A block must come in one piece')
  }

  return bytes.length
}

/** Blocks in memory only, the least recently used ones go first: for a relay that is to keep nothing */
export async function memoryCache (maxBytes: number): Promise<QuotaBlockstore> {
  return quotaBlockstore(new MemoryBlockstore(), { maxBytes, keeps: () => false })
}
