import { concat } from 'uint8arrays/concat'
import { checkKey, closedError } from './checks.ts'
import type { RangeOptions, Store, StoreOp, WriteOptions } from '../interface.ts'

/** The lowest bytes above everything that begins with the prefix; undefined when there are none */
export function prefixEnd (prefix: Uint8Array): Uint8Array | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i] !== 0xff) {
      const end = prefix.slice(0, i + 1)
      end[i]++

      return end
    }
  }
}

/**
 * The keys of another store that begin with a prefix, as a store of its own. Closing it leaves the other one open. Two such stores
 * are apart when neither prefix begins with the other. Prefix and key together have at most MAX_STORE_KEY_BYTES.
 */
export function prefixStore (store: Store, prefix: Uint8Array): Store {
  const own = prefix.slice()
  const end = prefixEnd(own)
  let closed = false

  function bound (key: Uint8Array): Uint8Array {
    return concat([own, key])
  }

  function inner (key: Uint8Array): Uint8Array {
    checkKey(key)

    return bound(key)
  }

  function checkOpen (): void {
    if (closed) {
      throw closedError()
    }
  }

  return {
    async get (key: Uint8Array) {
      checkOpen()
      return store.get(inner(key))
    },
    async getMany (keys: Uint8Array[]) {
      checkOpen()
      return store.getMany(keys.map(inner))
    },
    async put (key: Uint8Array, value: Uint8Array, options?: WriteOptions) {
      checkOpen()
      return store.put(inner(key), value, options)
    },
    async delete (key: Uint8Array, options?: WriteOptions) {
      checkOpen()
      return store.delete(inner(key), options)
    },
    async batch (ops: StoreOp[], options?: WriteOptions) {
      checkOpen()
      return store.batch(ops.map(op => ({ ...op, key: inner(op.key) })), options)
    },
    async * range (options: RangeOptions = {}) {
      checkOpen()

      const range = store.range({
        ...options,
        gte: bound(options.gte ?? new Uint8Array()),
        lt: options.lt == null ? end : bound(options.lt)
      })

      for await (const [key, value] of range) {
        checkOpen()
        yield [key.slice(own.length), value]
      }
    },
    async close () {
      closed = true
    }
  }
}
