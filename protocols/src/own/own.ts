import { decodeCanonical, encode } from '../codec/index.ts'
import { NotStartedError } from '../errors.ts'
import { createEpochs } from '../space/index.ts'
import { MAX_VALUE_BYTES } from './constants.ts'
import { Reader } from './reader.ts'
import { ownSpaceId } from './space.ts'
import { Writer } from './writer.ts'
import type { Collection, Own, OwnEvents, OwnInit, Register } from './index.ts'
import type { DeviceId, SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { RegisterVersion } from './registers.ts'

class OwnSpace extends EventTarget implements Own {
  readonly space: SpaceId
  readonly #init: OwnInit
  readonly #reader: Reader
  readonly #writer: Writer
  /** What a version says, once it was read */
  readonly #values = new WeakMap<RegisterVersion, { value: unknown }>()
  #abort?: AbortController
  #turn: Promise<unknown> = Promise.resolve()

  constructor (init: OwnInit) {
    super()
    this.space = ownSpaceId(init.seed)
    this.#init = init

    const { log, identity } = init
    const { space } = this
    const epochs = createEpochs(space, init.secrets)

    this.#reader = new Reader({ log, identity, space, epochs })
    this.#writer = new Writer({ init, space, epochs, reader: this.#reader })
  }

  async start (): Promise<void> {
    if (this.#abort == null) {
      this.#abort = new AbortController()
      this.#listen(this.#abort.signal)
      this.#reader.missed()
    }

    await this.#inTurn(async () => this.#reader.catchUp())
  }

  async stop (): Promise<void> {
    this.#abort?.abort()
    this.#abort = undefined
    await this.#turn.catch(() => {})
  }

  get<T> (register: Register<T>): T | undefined {
    const version = this.#reader.reading.registers.get(register.name)

    return version == null ? undefined : this.#valueOf(register, version)
  }

  list<K extends string, T> (collection: Collection<K, T>): Map<K, T> {
    const found = new Map<K, T>()

    for (const version of this.#reader.reading.registers.values()) {
      const key = collection.keyOf(version.name)
      const value = key == null ? undefined : this.#valueOf(collection.at(key), version)

      if (key != null && value !== undefined) {
        found.set(key, value)
      }
    }

    return found
  }

  async set<T> (register: Register<T>, value: T | null): Promise<void> {
    const written = value == null ? null : encode(register.write(value))

    if (written != null) {
      // what others could not read is not written
      register.read(decodeCanonical(written, { maxBytes: MAX_VALUE_BYTES }))
    }

    await this.#write(async () => this.#writer.set(register.name, written))
  }

  watch (of: Pick<Register<unknown>, 'name'> | Pick<Collection<string, unknown>, 'prefix'>, changed: () => void, { signal }: AbortOptions = {}): void {
    const isMeant = 'name' in of ? (name: string) => name === of.name : (name: string) => name.startsWith(of.prefix)
    const listener = ({ detail }: OwnEvents['own:changed']): void => {
      if (detail.names.some(isMeant)) {
        changed()
      }
    }

    this.addEventListener('own:changed', listener as EventListener, signal == null ? {} : { signal })
  }

  async settle (): Promise<void> {
    await this.#write(async () => this.#writer.settle())
  }

  async cut (devices: DeviceId[]): Promise<void> {
    await this.#write(async () => this.#writer.cut(devices))
  }

  #listen (signal: AbortSignal): void {
    const { log, identity } = this.#init
    const look = (): void => { void this.#inTurn(async () => this.#reader.catchUp()).catch(() => {}) }

    log.addEventListener('entries:added', ({ detail }) => {
      if (detail.space === this.space) {
        this.#reader.arrive(detail.entries)
        look()
      }
    }, { signal })
    log.addEventListener('counts:changed', ({ detail }) => {
      if (detail.chain.space === this.space) {
        look()
      }
    }, { signal })
    log.addEventListener('record:changed', ({ detail }) => {
      if (detail.record.record.identity === identity) {
        look()
      }
    }, { signal })
  }

  /** Upon what is known by then, also if something could not be read before */
  async #write (work: () => Promise<void>): Promise<void> {
    await this.#inTurn(async () => {
      await this.#reader.catchUp()
      await work()
    })
  }

  /** One after the other; what was begun when it stopped is finished */
  async #inTurn (work: () => Promise<void>): Promise<void> {
    if (this.#abort == null) {
      throw new NotStartedError('What own devices share was not read yet, or is closed')
    }

    const run = this.#turn.then(async () => {
      try {
        await work()
      } finally {
        this.#announce()
      }
    })

    this.#turn = run.catch(() => {})

    return run
  }

  #announce (): void {
    const names = this.#reader.changed()

    if (names.length > 0) {
      this.dispatchEvent(new CustomEvent('own:changed', { detail: { names } }))
    }
  }

  #valueOf<T> (register: Register<T>, version: RegisterVersion): T | undefined {
    const known = this.#values.get(version)

    if (known != null) {
      return known.value as T | undefined
    }

    const value = readValue(register, version)

    this.#values.set(version, { value })

    return value
  }
}

function readValue<T> (register: Register<T>, { value }: RegisterVersion): T | undefined {
  try {
    return value == null ? undefined : register.read(decodeCanonical(value, { maxBytes: MAX_VALUE_BYTES }))
  } catch {
    // of a later version, or not what it should be
    return undefined
  }
}

/**
 * What the devices of one identity share, over a log.
 *
 * @example
 * ```ts
 * const own = createOwn({ log, clock, random, identity, signer, secrets: [x25519Secret], seed })
 *
 * await own.start()
 * await own.set(follows.at(space), { relays })
 * own.list(follows)
 * ```
 */
export function createOwn (init: OwnInit): Own {
  return new OwnSpace(init)
}
