/** The blocks of Helia in a `Store`, so that one store, sealed or not, holds all there is. */
import { NotFoundError } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'
import { concat } from 'uint8arrays/concat'
import { WRITE_BATCH_BYTES } from './constants.ts'
import type { AbortOptions, Store, StoreOp, WriteOptions } from '../interface.ts'
import type { Blockstore, InputPair, Pair } from 'interface-blockstore'

/** A blockstore that can be told to make a write durable; one that does not know of it ignores the option */
export type DurableBlockstore = Blockstore<{}, WriteOptions, WriteOptions>

const BLOCK = 0x62
/** Stands beside each block, so that `has` and a look at all sizes need not read blocks */
const SIZE = 0x73

function keyOf (prefix: number, cid: CID): Uint8Array {
  return concat([Uint8Array.of(prefix), cid.multihash.bytes])
}

function uint32 (value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)

  return bytes
}

async function collect (bytes: InputPair['bytes']): Promise<Uint8Array> {
  if (bytes instanceof Uint8Array) {
    return bytes
  }

  const parts: Uint8Array[] = []

  for await (const part of bytes) {
    parts.push(part)
  }

  return concat(parts)
}

/** What the blockstore over a store can do besides */
export interface StoreBlockstore extends DurableBlockstore {
  /** Every block with its size, without reading the blocks */
  sizes (options?: AbortOptions): AsyncIterable<{ cid: CID, size: number }>
}

/** Writes are relaxed unless `durability` says otherwise. CIDs come back as version 1, raw: only the multihash is kept */
export function storeBlockstore (store: Store): StoreBlockstore {
  async function put (cid: CID, block: InputPair['bytes'], options: AbortOptions & WriteOptions = {}): Promise<CID> {
    options.signal?.throwIfAborted()
    await store.batch(putOps(cid, await collect(block)), writeOptions(options))

    return cid
  }

  async function * putMany (source: Iterable<InputPair> | AsyncIterable<InputPair>, options: AbortOptions & WriteOptions = {}): AsyncGenerator<CID> {
    let ops: StoreOp[] = []
    let cids: CID[] = []
    let size = 0

    for await (const { cid, bytes } of source) {
      options.signal?.throwIfAborted()
      const block = await collect(bytes)
      ops.push(...putOps(cid, block))
      cids.push(cid)
      size += block.length

      if (size >= WRITE_BATCH_BYTES) {
        await store.batch(ops, writeOptions(options))
        yield * cids
        ops = []
        cids = []
        size = 0
      }
    }

    if (ops.length > 0) {
      await store.batch(ops, writeOptions(options))
      yield * cids
    }
  }

  async function * get (cid: CID, options: AbortOptions = {}): AsyncGenerator<Uint8Array> {
    options.signal?.throwIfAborted()
    const block = await store.get(keyOf(BLOCK, cid))

    if (block == null) {
      throw new NotFoundError(`There is no block ${cid.toString()} here`)
    }

    yield block
  }

  async function * getMany (source: Iterable<CID> | AsyncIterable<CID>, options: AbortOptions = {}): AsyncGenerator<Pair> {
    for await (const cid of source) {
      yield { cid, bytes: get(cid, options) }
    }
  }

  async function has (cid: CID, options: AbortOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted()

    return await store.get(keyOf(SIZE, cid)) != null
  }

  async function remove (cid: CID, options: AbortOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    await store.batch([{ type: 'delete', key: keyOf(BLOCK, cid) }, { type: 'delete', key: keyOf(SIZE, cid) }])
  }

  async function * removeMany (source: Iterable<CID> | AsyncIterable<CID>, options: AbortOptions = {}): AsyncGenerator<CID> {
    for await (const cid of source) {
      await remove(cid, options)
      yield cid
    }
  }

  async function * sizes (options: AbortOptions = {}): AsyncGenerator<{ cid: CID, size: number }> {
    for await (const [key, value] of store.range({ ...options, gte: Uint8Array.of(SIZE), lt: Uint8Array.of(SIZE + 1) })) {
      yield {
        cid: CID.createV1(raw.code, Digest.decode(key.subarray(1))),
        size: new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(0)
      }
    }
  }

  async function * getAll (options: AbortOptions = {}): AsyncGenerator<Pair> {
    for await (const { cid } of sizes(options)) {
      yield { cid, bytes: get(cid, options) }
    }
  }

  return { put, putMany, get, getMany, has, delete: remove, deleteMany: removeMany, getAll, sizes }
}

function putOps (cid: CID, block: Uint8Array): StoreOp[] {
  return [
    { type: 'put', key: keyOf(BLOCK, cid), value: block },
    { type: 'put', key: keyOf(SIZE, cid), value: uint32(block.length) }
  ]
}

function writeOptions ({ durability }: WriteOptions): WriteOptions {
  return durability == null ? {} : { durability }
}
