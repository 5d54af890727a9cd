/** A Store in a folder, for Node: LevelDB. Rules: specs/storage.md. */
import { Level } from 'level'
import { concat } from 'uint8arrays/concat'
import { checkKey, checkOps, closedError, compareKeys, isEmptyRange } from './checks.ts'
import { RANGE_PAGE_RECORDS } from './constants.ts'
import { StoreDamagedError, StoreLockedError, StoreOpenError } from './errors.ts'
import { WriteQueue } from './write-queue.ts'
import type { RangeOptions, Store, StoreOp, WriteOptions } from '../interface.ts'

export { StoreDamagedError, StoreLockedError, StoreOpenError }

export interface LevelStore extends Store {
  /**
   * The folder was damaged and had to be repaired. What strict writes had made durable is there; deleted records that LevelDB had
   * not yet cleaned away may be back.
   */
  readonly repaired: boolean
  /**
   * Rewrites the files that hold these keys, so that nothing is left there of what was overwritten or deleted under them. Nobody writes
   * them meanwhile.
   */
  forget (keys: Uint8Array[]): Promise<void>
}

/** `level` does not declare either, but on Node its class is the one that has both */
type Database = Level<Uint8Array, Uint8Array> & { compactRange (start: Uint8Array, end: Uint8Array): Promise<void> }

const { repair } = Level as unknown as { repair (path: string): Promise<void> }

function innermost (err: unknown): Error {
  return err instanceof Error && err.cause instanceof Error ? innermost(err.cause) : err as Error
}

/** The outer error only says that the database is not open */
function causeCode (err: unknown): unknown {
  const cause = innermost(err)

  return 'code' in cause ? cause.code : undefined
}

/** A table or manifest that LevelDB's own bookkeeping names and that is gone is damage too, though LevelDB calls it an IO error */
function isDamage (err: unknown): boolean {
  const code = causeCode(err)

  return code === 'LEVEL_CORRUPTION' || (code === 'LEVEL_IO_ERROR' && /no such file/i.test(innermost(err).message))
}

async function openDatabase (path: string): Promise<Database> {
  const database = new Level<Uint8Array, Uint8Array>(path, { keyEncoding: 'view', valueEncoding: 'view' }) as Database

  try {
    await database.open()
  } catch (err) {
    await database.close()

    if (causeCode(err) === 'LEVEL_LOCKED') {
      throw new StoreLockedError(`Another program is using ${path}: stop it first`, { cause: err })
    }

    throw err
  }

  return database
}

async function openRepaired (path: string, damage: unknown): Promise<Database> {
  try {
    await repair(path)

    return await openDatabase(path)
  } catch (err) {
    if (err instanceof StoreLockedError) {
      throw err
    }

    throw new StoreDamagedError(`The data in ${path} is damaged and could not be repaired: restore a backup, or move the folder away to begin anew`, {
      cause: new AggregateError([damage, err])
    })
  }
}

/** An operation that was under way when the store was closed fails like one that came after */
async function orClosed<T> (operation: Promise<T>): Promise<T> {
  try {
    return await operation
  } catch (err) {
    const code = causeCode(err)

    throw code === 'LEVEL_DATABASE_NOT_OPEN' || code === 'LEVEL_ITERATOR_NOT_OPEN' ? closedError() : err
  }
}

/** LevelDB hands out views of Node's `Buffer` kind: what leaves here is a plain array of its own */
function plain (bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function copy (op: StoreOp): StoreOp {
  return op.type === 'put' ? { type: 'put', key: op.key.slice(), value: op.value.slice() } : { type: 'delete', key: op.key.slice() }
}

/** `keys` are in their order */
async function forgetIn (database: Database, keys: Uint8Array[]): Promise<void> {
  const compact = async (): Promise<void> => database.compactRange(keys[0], concat([keys[keys.length - 1], Uint8Array.of(0)]))

  await compact()

  // LevelDB does not rewrite what lies lowest by itself, only what is newer above it into it
  const values: Array<Uint8Array | undefined> = await database.getMany(keys)
  await database.batch(keys.map((key, i) => values[i] == null ? { type: 'del', key } : { type: 'put', key, value: values[i] }), { sync: true })

  await compact()
}

function fromDatabase (database: Database, repaired: boolean): LevelStore {
  let closed = false

  const queue = new WriteQueue(async (ops, sync) => orClosed(database.batch(
    ops.map(op => op.type === 'put' ? op : { type: 'del', key: op.key }),
    { sync }
  )))

  function checkOpen (): void {
    if (closed) {
      throw closedError()
    }
  }

  return {
    repaired,
    async get (key: Uint8Array) {
      checkOpen()
      checkKey(key)

      const value: Uint8Array | undefined = await orClosed(database.get(key.slice()))

      return value == null ? undefined : plain(value)
    },
    async getMany (keys: Uint8Array[]) {
      checkOpen()
      keys.forEach(checkKey)

      const values: Array<Uint8Array | undefined> = await orClosed(database.getMany(keys.map(key => key.slice())))

      return values.map(value => value == null ? undefined : plain(value))
    },
    async put (key: Uint8Array, value: Uint8Array, options?: WriteOptions) {
      return this.batch([{ type: 'put', key, value }], options)
    },
    async delete (key: Uint8Array, options?: WriteOptions) {
      return this.batch([{ type: 'delete', key }], options)
    },
    async batch (ops: StoreOp[], options?: WriteOptions) {
      checkOpen()
      checkOps(ops)

      await queue.add(ops.map(copy), options?.durability === 'strict')
    },
    async * range (options: RangeOptions = {}) {
      checkOpen()
      options.signal?.throwIfAborted()

      if (isEmptyRange(options)) {
        return
      }

      const iterator = database.iterator({
        ...(options.gte == null ? {} : { gte: concat([options.gte]) }),
        ...(options.lt == null ? {} : { lt: concat([options.lt]) }),
        reverse: options.reverse === true,
        limit: options.limit ?? -1
      })

      try {
        while (true) {
          const page = await orClosed(iterator.nextv(RANGE_PAGE_RECORDS))

          if (page.length === 0) {
            return
          }

          for (const [key, value] of page) {
            checkOpen()
            options.signal?.throwIfAborted()

            yield [plain(key), plain(value)]
          }
        }
      } finally {
        await iterator.close()
      }
    },
    async forget (keys: Uint8Array[]) {
      checkOpen()
      keys.forEach(checkKey)
      const own = keys.map(key => key.slice()).sort(compareKeys)

      if (own.length > 0) {
        await queue.idle()
        await orClosed(forgetIn(database, own))
      }
    },
    async close () {
      closed = true
      await queue.idle()
      await database.close()
    }
  }
}

/**
 * Opens the store in a folder, which is made when it is missing. A folder that a crash has damaged is repaired once.
 *
 * @throws {StoreLockedError} if it is open already, here or in another program
 * @throws {StoreDamagedError} if it is damaged beyond repair
 * @throws {StoreOpenError} if something else is in the way
 */
export async function openLevelStore (path: string): Promise<LevelStore> {
  try {
    return fromDatabase(await openDatabase(path), false)
  } catch (err) {
    if (err instanceof StoreLockedError) {
      throw err
    }

    if (!isDamage(err)) {
      throw new StoreOpenError(`The folder ${path} cannot be used for data: ${innermost(err).message}`, { cause: err })
    }

    return fromDatabase(await openRepaired(path, err), true)
  }
}
