import { MAX_CACHED_BYTES } from './constants.ts'
import { NodeCache } from './node-cache.ts'
import { Pins } from './pins.ts'
import { Records } from './records.ts'
import type { StoreDamagedError } from '../errors.ts'
import type { View } from './recent.ts'
import type { Root } from './root.ts'
import type { StoreKeys } from './store-keys.ts'
import type { LoadNode } from './tree-read.ts'
import type { Random, Store } from '../../interface.ts'

/** Leaves at the beginning of a range that are kept in memory: short ranges are often asked for again, long ones are not */
const KEPT_LEAVES = 4

interface Dead {
  name: Uint8Array
  /** Readers of earlier commits need it */
  since: number
}

export interface SessionInit {
  store: Store
  keys: StoreKeys
  random: Random
  onDamage (err: StoreDamagedError): void
}

/** A sealed store between being unlocked and being locked */
export class Session {
  readonly records: Records
  /** Name of the root record */
  readonly rootName: Uint8Array
  readonly pins = new Pins()
  readonly cache: NodeCache
  #root: Root
  #dead: Dead[]

  private constructor (records: Records, rootName: Uint8Array, root: Root) {
    this.records = records
    this.rootName = rootName
    this.cache = new NodeCache(async name => records.node(name), MAX_CACHED_BYTES)
    this.#root = root
    this.#dead = root.dead.map(name => ({ name, since: root.commit }))
  }

  /** @throws {StoreDamagedError} if it cannot be read */
  static async open ({ store, keys, random, onDamage }: SessionInit): Promise<Session> {
    const records = new Records(store, keys, random, onDamage)
    const session = new Session(records, keys.root, await records.root())
    await session.cache.get(session.view.top)

    return session
  }

  /** As the last commit left it; it does not change */
  get view (): View {
    return this.#root
  }

  get commit (): number {
    return this.#root.commit
  }

  /** Records that are still there though nothing leads to them any more */
  get dead (): readonly Dead[] {
    return this.#dead
  }

  /** Those of them that nobody is reading */
  unread (): Dead[] {
    const oldest = Math.min(this.commit, this.pins.oldest())

    return this.#dead.filter(({ since }) => since <= oldest)
  }

  /** What a commit made of it */
  advance (root: Root, dead: Dead[]): void {
    this.#root = root
    this.#dead = dead
  }

  /** After a commit of which it is not known whether it was done */
  async reread (): Promise<void> {
    const root = await this.records.root()

    if (root.commit !== this.commit) {
      this.advance(root, root.dead.map(name => ({ name, since: root.commit })))
    }
  }

  readonly load: LoadNode = async name => this.cache.get(name)

  /** For one range */
  loadForRange (): LoadNode {
    let leaves = 0

    return async (name, level) => level === 0 && ++leaves > KEPT_LEAVES ? this.cache.pass(name) : this.cache.get(name)
  }
}
