/** Which value of each register stands: versions in, values out. Pure; their order does not matter. Rules: specs/own.md [OW24] to [OW29]. */
import { LimitExceededError } from '../errors.ts'
import { leaves, MAX_AFTER } from '../wall/index.ts'
import { MAX_REGISTER_NAMES, MAX_REGISTERS } from './constants.ts'
import type { EntryId } from '../ids.ts'
import type { Version } from '../wall/index.ts'

export interface RegisterVersion extends Version {
  name: string
  /** Encoded; null: none */
  value: Uint8Array | null
}

interface Held {
  /** Ids that some version of this register replaces */
  replaced: Set<EntryId>
  /** Versions that none replaces, the one that stands first */
  leaves: RegisterVersion[]
}

export class Registers {
  readonly #held = new Map<string, Held>()
  /** How many have a value */
  #count = 0
  /** All names in order, once there are too many */
  #names?: string[]

  /**
   * Takes a version that counts; taking one again is harmless.
   *
   * @returns whether another version stands now
   */
  add (version: RegisterVersion): boolean {
    const held = this.#held.get(version.name) ?? { replaced: new Set(), leaves: [] }
    const before = held.leaves[0]

    version.after.forEach(id => held.replaced.add(id))

    const candidates = held.leaves.filter(({ id }) => id !== version.id && !held.replaced.has(id))

    if (!held.replaced.has(version.id)) {
      candidates.push(version)
    }

    held.leaves = leaves(candidates)
    this.#held.set(version.name, held)
    this.#count += hasValue(held.leaves[0]) - hasValue(before)

    if (this.#held.size > MAX_REGISTER_NAMES) {
      return this.#dropLast(version.name) !== version.name
    }

    return before?.id !== held.leaves[0]?.id
  }

  /** The version that stands, if there is any */
  get (name: string): RegisterVersion | undefined {
    return this.#held.get(name)?.leaves[0]
  }

  /** Those that stand, without those that have no value */
  * values (): Iterable<RegisterVersion> {
    for (const { leaves: [standing] } of this.#held.values()) {
      if (standing?.value != null) {
        yield standing
      }
    }
  }

  /** By name, the id of the version that stands */
  standing (): Map<string, EntryId> {
    return new Map([...this.#held].flatMap(([name, { leaves: [standing] }]) => standing == null ? [] : [[name, standing.id]]))
  }

  /** What the next version of a register must name in `after` */
  current (name: string): EntryId[] {
    return this.#held.get(name)?.leaves.slice(0, MAX_AFTER).map(({ id }) => id) ?? []
  }

  /** @throws {LimitExceededError} if a value more does not fit */
  checkRoom (name: string): void {
    const isFull = this.#held.size >= MAX_REGISTER_NAMES && !this.#held.has(name)

    if (isFull || (this.#count >= MAX_REGISTERS && this.get(name)?.value == null)) {
      throw new LimitExceededError(`There are ${MAX_REGISTERS} follows, contacts, drafts and the like already: remove some that you no longer need`)
    }
  }

  /** Those that are first in order are held, so that it does not matter in which they came */
  #dropLast (added: string): string {
    if (this.#names == null) {
      this.#names = [...this.#held.keys()].sort()
    } else {
      this.#names.splice(placeOf(this.#names, added), 0, added)
    }

    const last = this.#names.pop() ?? added

    this.#count -= hasValue(this.get(last))
    this.#held.delete(last)

    return last
  }
}

/** The first place in a sorted list that is not below a name */
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

function hasValue (version: RegisterVersion | undefined): number {
  return version?.value == null ? 0 : 1
}
