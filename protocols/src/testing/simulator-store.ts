import { NotStartedError } from '../errors.ts'
import { fromHex, toHex } from '../ids.ts'
import type { RangeOptions, Store, StoreOp, WriteOptions } from '../interface.ts'

type Writes = Array<{ name: string, value?: Uint8Array }>

/** A store in memory that can lose power: writes that were not strict are lost, and all of the same batch with them */
export interface CrashableStore extends Store {
  /** What a power cut leaves: a store with everything that was durable. This one is closed */
  crash (): CrashableStore
}

/** First place in a sorted list that is not below a name */
function placeOf (sorted: string[], name: string): number {
  let low = 0
  let high = sorted.length

  while (low < high) {
    const middle = (low + high) >> 1

    if (sorted[middle] < name) {
      low = middle + 1
    } else {
      high = middle
    }
  }

  return low
}

class SortedStore implements CrashableStore {
  private readonly values: Map<string, Uint8Array>
  private names: string[]
  private sorted = true
  /** What was written since the last strict write, newest last: how to take it back */
  private readonly undo: Writes = []
  private closed = false

  constructor (values: Map<string, Uint8Array>) {
    this.values = values
    this.names = [...values.keys()].sort()
  }

  async get (key: Uint8Array): Promise<Uint8Array | undefined> {
    this.check()

    return this.values.get(toHex(key))?.slice()
  }

  async getMany (keys: Uint8Array[]): Promise<Array<Uint8Array | undefined>> {
    this.check()

    return keys.map(key => this.values.get(toHex(key))?.slice())
  }

  async put (key: Uint8Array, value: Uint8Array, options?: WriteOptions): Promise<void> {
    await this.batch([{ type: 'put', key, value }], options)
  }

  async delete (key: Uint8Array, options?: WriteOptions): Promise<void> {
    await this.batch([{ type: 'delete', key }], options)
  }

  async batch (ops: StoreOp[], options: WriteOptions = {}): Promise<void> {
    this.check()

    for (const op of ops) {
      const name = toHex(op.key)
      const before = this.values.get(name)

      this.undo.push(before == null ? { name } : { name, value: before })
      this.write(name, op.type === 'put' ? op.value.slice() : undefined)
    }

    if (options.durability === 'strict') {
      this.undo.length = 0
    }
  }

  async * range (options: RangeOptions = {}): AsyncIterable<[key: Uint8Array, value: Uint8Array]> {
    this.check()

    const all = this.order()
    const from = options.gte == null ? 0 : placeOf(all, toHex(options.gte))
    const to = options.lt == null ? all.length : placeOf(all, toHex(options.lt))
    const limit = Math.max(0, Math.min(options.limit ?? Infinity, to - from))
    const names = options.reverse === true ? all.slice(to - limit, to).reverse() : all.slice(from, from + limit)
    const found = names.map(name => ({ name, value: this.values.get(name) }))

    for (const { name, value } of found) {
      options.signal?.throwIfAborted()

      if (value != null) {
        yield [fromHex(name), value.slice()]
      }
    }
  }

  async close (): Promise<void> {
    this.closed = true
  }

  crash (): CrashableStore {
    this.closed = true

    for (const { name, value } of this.undo.reverse()) {
      this.write(name, value)
    }

    return new SortedStore(this.values)
  }

  private write (name: string, value: Uint8Array | undefined): void {
    if (value == null) {
      this.values.delete(name)
    } else {
      if (!this.values.has(name)) {
        this.names.push(name)
        this.sorted = false
      }

      this.values.set(name, value)
    }
  }

  /** All names in order; those of deleted values go only now */
  private order (): string[] {
    if (!this.sorted || this.names.length !== this.values.size) {
      this.names = [...this.values.keys()].sort()
      this.sorted = true
    }

    return this.names
  }

  private check (): void {
    if (this.closed) {
      throw new NotStartedError('The store is closed')
    }
  }
}

/** @returns an empty store */
export function crashableStore (): CrashableStore {
  return new SortedStore(new Map())
}
