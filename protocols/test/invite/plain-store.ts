/** The part of a Store that tokens need, and a record of how it was written to. */
import { NotStartedError } from '../../src/errors.ts'
import { fromHex, toHex } from '../../src/ids.ts'
import type { Store, WriteOptions } from '../../src/interface.ts'

export interface PlainStore extends Store {
  /** Durability of each write so far */
  writes: Array<WriteOptions['durability']>
}

export function plainStore (): PlainStore {
  const values = new Map<string, Uint8Array>()
  const writes: PlainStore['writes'] = []
  let isClosed = false

  function open (): Map<string, Uint8Array> {
    if (isClosed) {
      throw new NotStartedError('closed')
    }

    return values
  }

  return {
    writes,
    get: async key => open().get(toHex(key))?.slice(),
    getMany: async keys => keys.map(key => open().get(toHex(key))?.slice()),
    async put (key, value, options) {
      open().set(toHex(key), value.slice())
      writes.push(options?.durability)
    },
    async delete (key, options) {
      open().delete(toHex(key))
      writes.push(options?.durability)
    },
    async batch (ops, options) {
      for (const op of ops) {
        if (op.type === 'put') {
          open().set(toHex(op.key), op.value.slice())
        } else {
          open().delete(toHex(op.key))
        }
      }

      writes.push(options?.durability)
    },
    async * range ({ gte, lt } = {}) {
      const keys = [...open().keys()].sort().filter(key => (gte == null || key >= toHex(gte)) && (lt == null || key < toHex(lt)))

      for (const key of keys) {
        const value = values.get(key)

        if (value != null) {
          yield [fromHex(key), value.slice()]
        }
      }
    },
    async close () {
      isClosed = true
    }
  }
}
