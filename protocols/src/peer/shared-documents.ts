/** Documents that own devices share: kept on this device until it knows what they share, and views over that from then on. */
import type { Document } from './documents.ts'
import type { Collection, Own, Register } from '../own/index.ts'

export interface SharedDocument<T> extends Document<T> {
  /**
   * From now on the document is what own devices share. What was kept here goes there, unless it is there already, and then no longer here;
   * if that fails, or the power does, the document stays as it was and the next call goes on. While `mayWrite` says no, what is changed is
   * kept here, and goes there with the first change, or the first call of this, once it says yes.
   *
   * @throws {NotAWriterError | ForkedChainError} if something was kept here and this device may not write
   */
  share (own: Own, mayWrite?: () => Promise<boolean>): Promise<void>
}

/** Where a document is kept on this device */
export interface KeptDocument<T> {
  /** Until this device knows what own devices share */
  local: Document<T>
  /** From then on, while it differs from what they share: what that was, and what it is here */
  apart: Document<{ before: T, after: T } | null>
}

/** Each member of the list is a register of its own, so that two devices can add different ones at the same time */
export interface SharedListInit<K extends string, V, T> {
  kept: KeptDocument<T[]>
  collection: Collection<K, V>
  keyOf (item: T): K
  valueOf (item: T): V
  itemOf (key: K, value: V): T
}

export function sharedList<K extends string, V, T> (init: SharedListInit<K, V, T>): SharedDocument<T[]> {
  const { collection, itemOf, kept, keyOf, valueOf } = init
  const { local } = kept
  const items = (own: Own): T[] => [...own.list(collection)].sort(([a], [b]) => a < b ? -1 : 1).map(([key, value]) => itemOf(key, value))

  return sharedDocument(kept, {
    read: items,

    async write (own, before, after) {
      const wanted = new Set(after.map(keyOf))
      const known = new Map(before.map(item => [keyOf(item), item]))

      for (const item of before) {
        if (!wanted.has(keyOf(item))) {
          await own.set(collection.at(keyOf(item)), null)
        }
      }

      for (const item of after) {
        if (!isSame(known.get(keyOf(item)), item)) {
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

/**
 * One register for all of it; `initial` is what it is while nobody has set it. `merge` makes one of what was kept here and what stands there;
 * without it the latter is all.
 */
export function sharedValue<T> (kept: KeptDocument<T>, register: Register<T>, initial: T, merge: (here: T, there: T) => T = (here, there) => there): SharedDocument<T> {
  const { local } = kept

  return sharedDocument(kept, {
    read: own => own.get(register) ?? initial,

    async write (own, before, after) {
      if (!isSame(before, after)) {
        await own.set(register, after)
      }
    },

    async move (own) {
      const here = await local.get()
      const there = own.get(register)
      const value = there === undefined ? here : merge(here, there)

      if (!isSame(value, there ?? initial)) {
        await own.set(register, value)
      }

      await local.update(() => initial)
    }
  })
}

/** Of plain values, which these documents hold */
function isSame (a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

interface View<T> {
  read (own: Own): T
  /** Brings there what is different in the second, and nothing else */
  write (own: Own, before: T, after: T): Promise<void>
  /** Brings there what is kept here */
  move (own: Own): Promise<void>
}

function sharedDocument<T> ({ local, apart }: KeptDocument<T>, view: View<T>): SharedDocument<T> {
  let shared: Own | undefined
  let mayWrite: () => Promise<boolean> = async () => true
  let turn: Promise<unknown> = Promise.resolve()

  async function inTurn<R> (work: () => Promise<R>): Promise<R> {
    const run = turn.then(work)

    turn = run.catch(() => {})

    return run
  }

  /** What was changed here while it could not be written goes there */
  async function rejoin (own: Own): Promise<void> {
    const changes = await apart.get()

    if (changes != null && await mayWrite()) {
      await view.write(own, changes.before, changes.after)
      await apart.update(() => null)
    }
  }

  return {
    async get () {
      const changes = shared == null ? null : await apart.get()

      if (changes != null) {
        return changes.after
      }

      return shared == null ? local.get() : view.read(shared)
    },

    update: async change => inTurn(async () => {
      if (shared == null) {
        return local.update(change)
      }

      const own = shared

      if (!await mayWrite()) {
        const next = await apart.update(changes => {
          const before = changes?.before ?? view.read(own)

          return { before, after: change(changes?.after ?? before) }
        })

        return next?.after ?? view.read(own)
      }

      await rejoin(own)

      const before = view.read(own)

      await view.write(own, before, change(before))

      return view.read(own)
    }),

    share: async (own, may = mayWrite) => inTurn(async () => {
      mayWrite = may
      await rejoin(own)

      if (shared == null && await apart.get() == null) {
        await view.move(own)
      }

      shared = own
    })
  }
}
