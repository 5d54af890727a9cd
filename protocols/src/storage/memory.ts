import { fromHex, toHex } from '../ids.ts'
import { checkKey, checkOps, closedError, isEmptyRange } from './checks.ts'
import { SortedKeys } from './sorted-keys.ts'
import type { RangeOptions, Store, StoreOp, WriteOptions } from '../interface.ts'

/** Something stores can be opened on and that outlives them: a disk for tests and simulators, without files */
export interface MemoryDisk {
  open (): Store
  /** Closes every store that is open on it and undoes, newest first, what no strict write has made durable */
  powerCut (): void
}

interface Content {
  readonly keys: SortedKeys
  readonly values: Map<string, Uint8Array>
  /** What was there before each relaxed write; undefined where nothing is ever undone */
  readonly journal?: Array<[key: string, before: Uint8Array | undefined]>
}

function set ({ keys, values }: Content, key: string, value: Uint8Array | undefined): void {
  if (value == null) {
    keys.delete(key)
    values.delete(key)
  } else {
    keys.add(key)
    values.set(key, value)
  }
}

class MemoryStore implements Store {
  readonly #content: Content
  #closed = false

  constructor (content: Content) {
    this.#content = content
  }

  async get (key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#checkOpen()
    checkKey(key)

    return this.#content.values.get(toHex(key))?.slice()
  }

  async getMany (keys: Uint8Array[]): Promise<Array<Uint8Array | undefined>> {
    this.#checkOpen()
    keys.forEach(checkKey)

    return keys.map(key => this.#content.values.get(toHex(key))?.slice())
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

    const { journal, values } = this.#content

    for (const op of ops) {
      const key = toHex(op.key)

      journal?.push([key, values.get(key)])
      set(this.#content, key, op.type === 'put' ? new Uint8Array(op.value) : undefined)
    }

    if (journal != null && options?.durability === 'strict') {
      journal.length = 0
    }
  }

  async * range (options: RangeOptions = {}): AsyncGenerator<[key: Uint8Array, value: Uint8Array]> {
    this.#checkOpen()
    options.signal?.throwIfAborted()

    for (const [key, value] of this.#select(options)) {
      this.#checkOpen()
      options.signal?.throwIfAborted()

      yield [fromHex(key), value.slice()]
    }
  }

  async close (): Promise<void> {
    this.#closed = true
  }

  /** Values are never changed in place, so that references to them are a snapshot */
  #select (options: RangeOptions): Array<[key: string, value: Uint8Array]> {
    const selected: Array<[key: string, value: Uint8Array]> = []

    if (isEmptyRange(options)) {
      return selected
    }

    const { keys, values } = this.#content
    const start = toHex(options.gte ?? new Uint8Array())
    const end = options.lt == null ? undefined : toHex(options.lt)
    const limit = options.limit ?? Infinity

    for (const key of options.reverse === true ? keys.descending(start, end) : keys.ascending(start, end)) {
      selected.push([key, values.get(key) ?? new Uint8Array()])

      if (selected.length >= limit) {
        break
      }
    }

    return selected
  }

  #checkOpen (): void {
    if (this.#closed) {
      throw closedError()
    }
  }
}

/** A Store that forgets everything when it is closed */
export function memoryStore (): Store {
  return new MemoryStore({ keys: new SortedKeys(), values: new Map() })
}

/** A disk that is empty at first */
export function memoryDisk (): MemoryDisk {
  const journal: Array<[key: string, before: Uint8Array | undefined]> = []
  const content: Content = { keys: new SortedKeys(), values: new Map(), journal }
  let stores: Store[] = []

  return {
    open () {
      const store = new MemoryStore(content)
      stores.push(store)

      return store
    },
    powerCut () {
      for (const store of stores) {
        void store.close()
      }

      for (const [key, before] of journal.reverse()) {
        set(content, key, before)
      }

      stores = []
      journal.length = 0
    }
  }
}
