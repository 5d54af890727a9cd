/** Documents that own devices share: kept on this device until it knows what they share, and views over that from then on. */
import type { Document } from './documents.ts'
import type { Collection, Own, Register } from '../own/index.ts'

export interface SharedDocument<T> extends Document<T> {
  /**
   * From now on the document is what own devices share. What was kept here goes there, unless it is there already, and then no longer here;
   * if that fails, or the power does, the document stays as it was and the next call goes on.
   *
   * @throws {NotAWriterError | ForkedChainError} if something was kept here and this device may not write
   */
  share (own: Own): Promise<void>
}

/** Each member of the list is a register of its own, so that two devices can add different ones at the same time */
export interface SharedListInit<K extends string, V, T> {
  local: Document<T[]>
  collection: Collection<K, V>
  keyOf (item: T): K
  valueOf (item: T): V
  itemOf (key: K, value: V): T
}

export function sharedList<K extends string, V, T> (init: SharedListInit<K, V, T>): SharedDocument<T[]> {
  const { collection, itemOf, keyOf, local, valueOf } = init
  const items = (own: Own): T[] => [...own.list(collection)].sort(([a], [b]) => a < b ? -1 : 1).map(([key, value]) => itemOf(key, value))

  return sharedDocument(local, {
    read: items,

    async write (own, before, after) {
      const kept = new Set(after.map(keyOf))
      const known = new Set(before)

      for (const item of before) {
        if (!kept.has(keyOf(item))) {
          await own.set(collection.at(keyOf(item)), null)
        }
      }

      for (const item of after) {
        if (!known.has(item)) {
          await own.set(collection.at(keyOf(item)), valueOf(item))
        }
      }
    },

    async move (own) {
      for (const item of await local.get()) {
        const register = collection.at(keyOf(item))

        if (own.get(register) === undefined) {
          await own.set(register, valueOf(item))
        }
      }

      await local.update(() => [])
    }
  })
}

/** One register for all of it; `initial` is what it is while nobody has set it */
export function sharedValue<T> (local: Document<T>, register: Register<T>, initial: T): SharedDocument<T> {
  return sharedDocument(local, {
    read: own => own.get(register) ?? initial,

    async write (own, before, after) {
      await own.set(register, after)
    },

    async move (own) {
      const kept = await local.get()

      if (own.get(register) === undefined && JSON.stringify(kept) !== JSON.stringify(initial)) {
        await own.set(register, kept)
      }

      await local.update(() => initial)
    }
  })
}

interface View<T> {
  read (own: Own): T
  write (own: Own, before: T, after: T): Promise<void>
  /** Brings there what is kept here */
  move (own: Own): Promise<void>
}

function sharedDocument<T> (local: Document<T>, view: View<T>): SharedDocument<T> {
  let shared: Own | undefined
  let turn: Promise<unknown> = Promise.resolve()

  async function inTurn<R> (work: () => Promise<R>): Promise<R> {
    const run = turn.then(work)

    turn = run.catch(() => {})

    return run
  }

  return {
    get: async () => shared == null ? local.get() : view.read(shared),

    update: async change => inTurn(async () => {
      if (shared == null) {
        return local.update(change)
      }

      const before = view.read(shared)

      await view.write(shared, before, change(before))

      return view.read(shared)
    }),

    share: async own => inTurn(async () => {
      await view.move(own)
      shared = own
    })
  }
}
