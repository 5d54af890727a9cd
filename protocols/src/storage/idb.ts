/** A Store in IndexedDB, for browsers. Rules: specs/storage.md. */
import { openDB } from 'idb'
import { concat } from 'uint8arrays/concat'
import { checkKey, checkOps, closedError, isEmptyRange } from './checks.ts'
import { RANGE_PAGE_RECORDS } from './constants.ts'
import { StoreLockedError } from './errors.ts'
import { Snapshot } from './idb-snapshot.ts'
import type { StoredRecord, Stretch } from './idb-snapshot.ts'
import type { RangeOptions, Store, StoreOp, WriteOptions } from '../interface.ts'
import type { DBSchema, IDBPDatabase } from 'idb'

export { StoreLockedError }

const RECORDS = 'records'
/** The layout of the database itself, not of what is kept in it */
const LAYOUT_VERSION = 1

interface Schema extends DBSchema {
  records: { key: ArrayBuffer, value: Uint8Array }
}

/** IndexedDB keeps the whole buffer under a view, and a later change of a shared one would be seen: so a copy */
function ownBuffer (bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)

  return copy.buffer
}

function keyRange ({ gte, lt }: { gte?: Uint8Array, lt?: Uint8Array }): IDBKeyRange | undefined {
  if (gte != null && lt != null) {
    return IDBKeyRange.bound(ownBuffer(gte), ownBuffer(lt), false, true)
  }

  if (gte != null) {
    return IDBKeyRange.lowerBound(ownBuffer(gte))
  }

  return lt == null ? undefined : IDBKeyRange.upperBound(ownBuffer(lt), true)
}

/** The lowest key above this one */
function after (key: Uint8Array): Uint8Array {
  return concat([key, Uint8Array.of(0)])
}

class IdbStore implements Store {
  readonly #database: IDBPDatabase<Schema>
  readonly #snapshots = new Set<Snapshot>()
  #closed = false

  constructor (database: IDBPDatabase<Schema>) {
    this.#database = database

    // somebody deletes the database, or the browser took it away: nothing can be kept any more
    database.addEventListener('versionchange', () => { this.#shut() })
    database.addEventListener('close', () => { this.#shut() })
  }

  async get (key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#checkOpen()
    checkKey(key)

    return this.#database.get(RECORDS, ownBuffer(key))
  }

  async getMany (keys: Uint8Array[]): Promise<Array<Uint8Array | undefined>> {
    this.#checkOpen()
    keys.forEach(checkKey)

    if (keys.length === 0) {
      return []
    }

    const { store } = this.#database.transaction(RECORDS)

    return Promise.all(keys.map(async key => store.get(ownBuffer(key))))
  }

  async put (key: Uint8Array, value: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.batch([{ type: 'put', key, value }], options)
  }

  async delete (key: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.batch([{ type: 'delete', key }], options)
  }

  async batch (ops: StoreOp[], options?: WriteOptions): Promise<void> {
    this.#checkOpen()
    checkOps(ops)

    const own = ops.map(op => ({ key: ownBuffer(op.key), value: op.type === 'put' ? new Uint8Array(ownBuffer(op.value)) : undefined }))

    // the promise must be of the transaction that has what is asked for, so an empty batch also makes one
    const transaction = this.#database.transaction(RECORDS, 'readwrite', { durability: options?.durability ?? 'relaxed' })
    const { store } = transaction
    const snapshots = [...this.#snapshots]
    const requests: Array<Promise<unknown>> = []

    for (const { key, value } of own) {
      if (snapshots.length > 0) {
        requests.push(store.get(key).then(before => {
          for (const snapshot of snapshots) {
            snapshot.remember(new Uint8Array(key), before)
          }
        }))
      }

      requests.push(value == null ? store.delete(key) : store.put(value, key))
    }

    await Promise.all([...requests, transaction.done])
  }

  async * range (options: RangeOptions = {}): AsyncGenerator<[key: Uint8Array, value: Uint8Array]> {
    this.#checkOpen()
    options.signal?.throwIfAborted()

    if (isEmptyRange(options)) {
      return
    }

    const reverse = options.reverse === true
    const snapshot = new Snapshot()
    let gte: Uint8Array | undefined = options.gte?.slice()
    let lt: Uint8Array | undefined = options.lt?.slice()
    let left = options.limit ?? Infinity

    this.#snapshots.add(snapshot)

    try {
      while (true) {
        this.#checkOpen()

        const size = Math.min(RANGE_PAGE_RECORDS, left)
        const page = await this.#page({ gte, lt, reverse }, size)
        const last = page.length < size ? undefined : page[page.length - 1][0]
        const stretch = { gte: reverse ? last ?? gte : gte, lt: reverse || last == null ? lt : after(last), reverse }

        for (const record of snapshot.restore(page, stretch)) {
          this.#checkOpen()
          options.signal?.throwIfAborted()

          yield record

          if (--left <= 0) {
            return
          }
        }

        if (last == null) {
          return
        }

        if (reverse) {
          lt = last
        } else {
          gte = after(last)
        }
      }
    } finally {
      this.#snapshots.delete(snapshot)
    }
  }

  async close (): Promise<void> {
    this.#shut()
  }

  async #page (stretch: Stretch, size: number): Promise<StoredRecord[]> {
    const { store } = this.#database.transaction(RECORDS)
    const range = keyRange(stretch)

    if (!stretch.reverse) {
      const [keys, values] = await Promise.all([store.getAllKeys(range, size), store.getAll(range, size)])

      return keys.map((key, i) => [new Uint8Array(key), values[i]])
    }

    const page: StoredRecord[] = []
    let cursor = await store.openCursor(range, 'prev')

    while (cursor != null && page.length < size) {
      page.push([new Uint8Array(cursor.key), cursor.value])

      cursor = page.length < size ? await cursor.continue() : null
    }

    return page
  }

  #shut (): void {
    if (!this.#closed) {
      this.#closed = true
      this.#database.close()
    }
  }

  #checkOpen (): void {
    if (this.#closed) {
      throw closedError()
    }
  }
}

/**
 * Opens the store in an IndexedDB database, which is made when it is missing. One program at a time may write to it: a range would
 * not know what another one changes.
 *
 * @throws {StoreLockedError} if another page holds an older layout of it open
 */
export async function openIdbStore (name: string): Promise<Store> {
  let fail: (err: Error) => void = () => {}
  const blocked = new Promise<never>((_resolve, reject) => { fail = reject })
  const opening = openDB<Schema>(name, LAYOUT_VERSION, {
    upgrade (database) {
      database.createObjectStore(RECORDS)
    },
    blocked () {
      fail(new StoreLockedError('Another page has this data open in an older form: close the other pages and load this one again'))
    }
  })

  try {
    return new IdbStore(await Promise.race([opening, blocked]))
  } catch (err) {
    void opening.then(database => { database.close() }, () => {})
    throw err
  }
}
