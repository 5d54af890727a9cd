/** The sealed records in the store below. Rules: specs/storage.md [ST61], [ST62], [ST64], [ST65] */
import { withDomain } from '../../hash.ts'
import { toHex } from '../../ids.ts'
import { openAead, sealAead } from '../aead.ts'
import { StoreDamagedError, StoreSealedError } from '../errors.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { NAME_BYTES } from './constants.ts'
import { decodeNode } from './node.ts'
import { padme } from './padding.ts'
import { decodeRoot } from './root.ts'
import { SEALED_DOMAIN } from './store-keys.ts'
import type { Node } from './node.ts'
import type { Root } from './root.ts'
import type { StoreKeys } from './store-keys.ts'
import type { Random, Store, StoreOp } from '../../interface.ts'

const LENGTH_BYTES = 4

export function sealedError (): StoreSealedError {
  return new StoreSealedError('The data is locked: type the passphrase to unlock it')
}

/** Reads and seals records with the keys of one store */
export class Records {
  readonly #store: Store
  readonly #onDamage: (err: StoreDamagedError) => void
  #held: StoreKeys | undefined
  readonly #random: Random

  constructor (store: Store, keys: StoreKeys, random: Random, onDamage: (err: StoreDamagedError) => void = () => {}) {
    this.#store = store
    this.#held = keys
    this.#random = random
    this.#onDamage = onDamage
  }

  /** Lets go of the keys, also for who still holds this */
  forget (): void {
    this.#held = undefined
  }

  newName (): Uint8Array {
    return this.#random.bytes(NAME_BYTES)
  }

  /** `plain` is from encodeNode */
  async sealNode (name: Uint8Array, plain: Uint8Array): Promise<StoreOp> {
    return this.#seal(this.#keys.nodes, name, plain)
  }

  async sealValue (name: Uint8Array, value: Uint8Array): Promise<StoreOp> {
    const writer = new ByteWriter(padme(LENGTH_BYTES + value.length))
    writer.uint(value.length, LENGTH_BYTES)
    writer.bytes(value)

    return this.#seal(this.#keys.values, name, writer.whole())
  }

  /** `plain` is from encodeRoot */
  async sealRoot (plain: Uint8Array): Promise<StoreOp> {
    return this.#seal(this.#keys.nodes, this.#keys.root, plain)
  }

  /** @throws {StoreDamagedError} if it is not there or does not open */
  async node (name: Uint8Array): Promise<{ node: Node, bytes: number }> {
    const plain = await this.#open(this.#keys.nodes, name, await this.#store.get(name), 'A part')

    return { node: this.#read(plain, name, decodeNode), bytes: plain.length }
  }

  /** @throws {StoreDamagedError} if it is not there or does not open */
  async value (name: Uint8Array): Promise<Uint8Array> {
    const plain = await this.#open(this.#keys.values, name, await this.#store.get(name), 'A value')

    return this.#read(plain, name, readLengthed)
  }

  /** @throws {StoreDamagedError} if it is not there or does not open */
  async root (): Promise<Root> {
    const name = this.#keys.root
    const plain = await this.#open(this.#keys.nodes, name, await this.#store.get(name), 'The beginning')

    return this.#read(plain, name, decodeRoot)
  }

  /** What a record is that was found below; undefined if it is none of this store, or damaged */
  async identify (name: Uint8Array, sealed: Uint8Array): Promise<Node | 'value' | undefined> {
    try {
      const node = await openAead(this.#keys.nodes, sealed, this.#aad(name))

      if (node != null) {
        return decodeNode(node)
      }

      return await openAead(this.#keys.values, sealed, this.#aad(name)) == null ? undefined : 'value'
    } catch {
      return undefined
    }
  }

  /** @throws {StoreSealedError} if they were let go of */
  get #keys (): StoreKeys {
    if (this.#held == null) {
      throw sealedError()
    }

    return this.#held
  }

  async #seal (key: CryptoKey, name: Uint8Array, plain: Uint8Array): Promise<StoreOp> {
    return { type: 'put', key: name, value: await sealAead(key, plain, this.#aad(name), this.#random) }
  }

  async #open (key: CryptoKey, name: Uint8Array, sealed: Uint8Array | undefined, what: string): Promise<Uint8Array> {
    const plain = sealed == null ? undefined : await openAead(key, sealed, this.#aad(name))

    if (plain == null) {
      throw this.#damaged(what, name)
    }

    return plain
  }

  #read<T> (plain: Uint8Array, name: Uint8Array, read: (plain: Uint8Array) => T): T {
    try {
      return read(plain)
    } catch (err) {
      throw this.#damaged('A part', name, err)
    }
  }

  #damaged (what: string, name: Uint8Array, cause?: unknown): StoreDamagedError {
    const err = new StoreDamagedError(`${what} of the stored data (${toHex(name.subarray(0, 4))}) is damaged: have it repaired, or restore a backup`, { cause })
    this.#onDamage(err)

    return err
  }

  #aad (name: Uint8Array): Uint8Array {
    return withDomain(SEALED_DOMAIN, this.#keys.id, name)
  }
}

function readLengthed (plain: Uint8Array): Uint8Array {
  const reader = new ByteReader(plain)

  return reader.bytes(reader.uint(LENGTH_BYTES)).slice()
}
