/** The records of libp2p and Helia in a `Store`, so that one store, sealed or not, holds all there is. */
import { NotFoundError } from '@libp2p/interface'
import { BaseDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import type { AbortOptions, Store, StoreOp } from '../interface.ts'
import type { Batch, Datastore, KeyQuery, Pair, Query } from 'interface-datastore'

const RECORD = 0x64

function bytesOf (text: string): Uint8Array {
  return concat([Uint8Array.of(RECORD), fromString(text)])
}

class StoreDatastore extends BaseDatastore {
  readonly #store: Store

  constructor (store: Store) {
    super()
    this.#store = store
  }

  async put (key: Key, value: Uint8Array, options: AbortOptions = {}): Promise<Key> {
    options.signal?.throwIfAborted()
    await this.#store.put(bytesOf(key.toString()), value)

    return key
  }

  async get (key: Key, options: AbortOptions = {}): Promise<Uint8Array> {
    options.signal?.throwIfAborted()
    const value = await this.#store.get(bytesOf(key.toString()))

    if (value == null) {
      throw new NotFoundError(`There is no record ${key.toString()} here`)
    }

    return value
  }

  async has (key: Key, options: AbortOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted()

    return await this.#store.get(bytesOf(key.toString())) != null
  }

  async delete (key: Key, options: AbortOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    await this.#store.delete(bytesOf(key.toString()))
  }

  batch (): Batch {
    let ops: StoreOp[] = []

    return {
      put: (key, value) => { ops.push({ type: 'put', key: bytesOf(key.toString()), value }) },
      delete: key => { ops.push({ type: 'delete', key: bytesOf(key.toString()) }) },
      commit: async (options: AbortOptions = {}) => {
        options.signal?.throwIfAborted()
        const all = ops
        ops = []
        await this.#store.batch(all)
      }
    }
  }

  async * _all ({ prefix = '' }: Query, options: AbortOptions = {}): AsyncGenerator<Pair> {
    for await (const [key, value] of this.#store.range({ ...options, gte: bytesOf(prefix), lt: Uint8Array.of(RECORD + 1) })) {
      const text = toString(key.subarray(1))

      if (!text.startsWith(prefix)) {
        return
      }

      yield { key: new Key(text), value }
    }
  }

  async * _allKeys (query: KeyQuery, options: AbortOptions = {}): AsyncGenerator<Key> {
    for await (const { key } of this._all({ prefix: query.prefix }, options)) {
      yield key
    }
  }
}

/** Writes are relaxed: nothing in it is acknowledged to anybody. A key may be 511 bytes long */
export function storeDatastore (store: Store): Datastore {
  return new StoreDatastore(store)
}
