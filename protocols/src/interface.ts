/** Contracts that the protocols ask their surroundings to keep. */

/** Milliseconds since the Unix epoch, whole */
export interface Clock {
  now (): number
}

/** Cryptographically strong random bytes */
export interface Random {
  bytes (length: number): Uint8Array
}

export interface AbortOptions {
  signal?: AbortSignal
}

export interface WriteOptions {
  /**
   * `strict`: the promise is resolved when a power cut can no longer undo the write. `relaxed`: the operating system has it.
   *
   * @default 'relaxed'
   */
  durability?: 'strict' | 'relaxed'
}

export type StoreOp =
  | { type: 'put', key: Uint8Array, value: Uint8Array }
  | { type: 'delete', key: Uint8Array }

export interface RangeOptions extends AbortOptions {
  /** First key, included */
  gte?: Uint8Array
  /** End of the keys, not included */
  lt?: Uint8Array
  /** From the last key to the first; @default false */
  reverse?: boolean
  /** How many at the most */
  limit?: number
}

/**
 * Ordered keys and values. Keys are compared byte by byte, are 1 to 512 bytes long, and no method keeps or changes the arrays it is given.
 * Every implementation passes `storeSuite` of the testing entry point.
 */
export interface Store {
  get (key: Uint8Array): Promise<Uint8Array | undefined>
  getMany (keys: Uint8Array[]): Promise<Array<Uint8Array | undefined>>
  put (key: Uint8Array, value: Uint8Array, options?: WriteOptions): Promise<void>
  delete (key: Uint8Array, options?: WriteOptions): Promise<void>
  /** All of it or nothing, also over a crash */
  batch (ops: StoreOp[], options?: WriteOptions): Promise<void>
  /** A snapshot at the first step: writes made meanwhile do not show */
  range (options?: RangeOptions): AsyncIterable<[key: Uint8Array, value: Uint8Array]>
  /** Idempotent; afterwards every method rejects with `NotStartedError` */
  close (): Promise<void>
}

/** The real clock and random source, the same on Node, in a window and in a worker */
export const systemClock: Clock = { now: () => Date.now() }

export const systemRandom: Random = {
  bytes: length => crypto.getRandomValues(new Uint8Array(length))
}
