/** A Store over another one in which nothing can be read without its keys. Rules: specs/storage.md [ST60] to [ST71] */
import { sameBytes } from '../../codec/index.ts'
import { systemRandom } from '../../interface.ts'
import { checkKey, checkOps, closedError, isEmptyRange } from '../checks.ts'
import { StoreSealedError } from '../errors.ts'
import { WriteQueue } from '../write-queue.ts'
import { writeCommit } from './commit.ts'
import { isApart } from './items.ts'
import { encodeNode } from './node.ts'
import { findChange, walkItems } from './recent.ts'
import { Records, sealedError } from './records.ts'
import { encodeRoot } from './root.ts'
import { Session } from './session.ts'
import { sweepUnreached } from './sweep.ts'
import { findItem } from './tree-read.ts'
import type { StoreDamagedError } from '../errors.ts'
import type { Item } from './items.ts'
import type { SessionInit } from './session.ts'
import type { StoreKeys } from './store-keys.ts'
import type { AbortOptions, Random, RangeOptions, Store, StoreOp, WriteOptions } from '../../interface.ts'

export interface SealedStoreInit {
  /** The store below, which stays open when this one is closed. Nobody else writes to it but stores sealed with other keys */
  store: Store
  /** From createKeySlots or openKeySlots */
  keys: StoreKeys
  /** @default systemRandom */
  random?: Random
  /** Called whenever something is met that is damaged: a salvage should come before it is opened the next time */
  onDamage? (err: StoreDamagedError): void
}

export interface SealedStore extends Store {
  /** Resolves when nothing of keys and content is held any more. Idempotent */
  lock (): Promise<void>
  /**
   * Ends being locked; nothing happens if it is not.
   *
   * @throws {StoreSealedError} if the keys are those of another store
   */
  unlock (keys: StoreKeys): Promise<void>
  /**
   * Deletes what is below and is not reached from here: remains, and what others have sealed there.
   *
   * @returns how many records it was
   */
  sweep (options?: AbortOptions): Promise<number>
}

function copyOp (op: StoreOp): StoreOp {
  return op.type === 'put' ? { type: 'put', key: op.key.slice(), value: op.value.slice() } : { type: 'delete', key: op.key.slice() }
}

class OpenSealedStore implements SealedStore {
  readonly #store: Store
  readonly #init: Omit<SessionInit, 'keys'>
  readonly #id: Uint8Array
  readonly #queue: WriteQueue
  #session: Session | undefined
  #isLocked = false
  #isClosed = false
  /** A write failed, so that it may be done or not */
  #isDoubtful = false

  constructor ({ keys, ...init }: SessionInit, session: Session) {
    this.#store = init.store
    this.#init = init
    this.#id = keys.id.slice()
    this.#session = session
    this.#queue = new WriteQueue(async (ops, strict) => this.#write(ops, strict))
  }

  async get (key: Uint8Array): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany([key])

    return value
  }

  async getMany (keys: Uint8Array[]): Promise<Array<Uint8Array | undefined>> {
    const session = this.#open()
    keys.forEach(checkKey)
    const own = keys.map(key => key.slice())
    const { top, recent } = session.view
    const unpin = session.pins.pin(session.commit)

    try {
      return await Promise.all(own.map(async key => {
        const item = findChange(recent, key) ?? await findItem(session.load, top, key)

        return item?.value == null ? undefined : valueOf(session, item.value)
      }))
    } finally {
      unpin()
    }
  }

  async put (key: Uint8Array, value: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.batch([{ type: 'put', key, value }], options)
  }

  async delete (key: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.batch([{ type: 'delete', key }], options)
  }

  async batch (ops: StoreOp[], options?: WriteOptions): Promise<void> {
    this.#open()
    checkOps(ops)

    return this.#queue.add(ops.map(copyOp), options?.durability === 'strict')
  }

  async * range (options: RangeOptions = {}): AsyncGenerator<[key: Uint8Array, value: Uint8Array]> {
    const session = this.#open()
    options.signal?.throwIfAborted()

    if (isEmptyRange(options)) {
      return
    }

    const bounds = { gte: options.gte?.slice(), lt: options.lt?.slice(), reverse: options.reverse === true }
    const unpin = session.pins.pin(session.commit)
    let left = options.limit ?? Infinity

    try {
      for await (const item of walkItems(session.loadForRange(), session.view, bounds)) {
        const value = await valueOf(session, item.value)
        this.#checkStill(session)
        options.signal?.throwIfAborted()

        yield [item.key.slice(), value]

        if (--left <= 0) {
          return
        }
      }
    } finally {
      unpin()
    }
  }

  async close (): Promise<void> {
    if (this.#isClosed) {
      return this.#queue.idle()
    }

    this.#isClosed = true
    await this.#queue.idle()

    if (this.#session != null && this.#session.dead.length > 0) {
      // else the next to open it does that
      await this.#queue.add([], false).catch(() => {})
    }

    this.#forget()
  }

  async lock (): Promise<void> {
    this.#isLocked = true
    await this.#queue.idle()

    if (this.#isLocked) {
      this.#forget()
    }
  }

  async unlock (keys: StoreKeys): Promise<void> {
    if (this.#isClosed) {
      throw closedError()
    }

    if (!sameBytes(keys.id, this.#id)) {
      throw new StoreSealedError('This key opens other data: use the passphrase of this one')
    }

    await this.#queue.idle()

    if (this.#isLocked) {
      this.#session = await Session.open({ ...this.#init, keys })
      this.#isLocked = false
    }
  }

  async sweep (options: AbortOptions = {}): Promise<number> {
    const session = this.#open()

    return sweepUnreached({ store: this.#store, session, settled: async () => this.#queue.idle() }, options)
  }

  async #write (ops: StoreOp[], strict: boolean): Promise<void> {
    const session = this.#session

    if (session == null) {
      throw this.#isClosed ? closedError() : sealedError()
    }

    if (this.#isDoubtful) {
      await session.reread()
      this.#isDoubtful = false
    }

    try {
      await writeCommit(this.#store, session, ops, strict)
    } catch (err) {
      this.#isDoubtful = true
      throw err
    }
  }

  #forget (): void {
    this.#session?.records.forget()
    this.#session?.cache.clear()
    this.#session = undefined
  }

  #open (): Session {
    if (this.#isClosed) {
      throw closedError()
    }

    if (this.#isLocked || this.#session == null) {
      throw sealedError()
    }

    return this.#session
  }

  #checkStill (session: Session): void {
    if (this.#open() !== session) {
      throw sealedError()
    }
  }
}

/** An array of its own */
async function valueOf (session: Session, value: Item['value']): Promise<Uint8Array> {
  return isApart(value) ? session.records.value(value.name) : value.slice()
}

/**
 * Begins an empty store; resolves once a power cut cannot undo it. One that was there under the same keys is begun anew.
 */
export async function createSealedStore ({ store, keys, random = systemRandom }: SealedStoreInit): Promise<void> {
  const records = new Records(store, keys, random)
  const top = records.newName()
  const leaf = encodeNode({ level: 0, commit: 0, low: new Uint8Array(), high: undefined, items: [] })

  await store.batch(await Promise.all([records.sealNode(top, leaf), records.sealRoot(encodeRoot({ commit: 0, top, dead: [], recent: [] }))]), { durability: 'strict' })
}

/**
 * Opens what createSealedStore began.
 *
 * @throws {StoreDamagedError} if its beginning is not there or damaged: salvageSealedStore finds what is left
 */
export async function openSealedStore ({ store, keys, random = systemRandom, onDamage = () => {} }: SealedStoreInit): Promise<SealedStore> {
  const init = { store, keys, random, onDamage }

  return new OpenSealedStore(init, await Session.open(init))
}
