/** What the primary has to do, by ids that any device arrives at: done twice, it is done once. Rules: specs/primary.md [PR27]. */
import { encode } from '../codec/index.ts'
import { LimitExceededError } from '../errors.ts'
import { sha256, withDomain } from '../hash.ts'
import { toHex } from '../ids.ts'
import { MAX_DONE_ACTS, MAX_DUE_ACTS } from './constants.ts'

declare const brand: unique symbol

/** SHA-256 of what an act is and what it is about, in hexadecimal */
export type ActId = string & { readonly [brand]: 'ActId' }

const ACT_DOMAIN = 'pergola/act/1'

/**
 * The same for everybody who would do the same.
 *
 * @param kind - what is done, for example `include`
 * @param subject - bytes of what it is done to, for example the id of a comment
 */
export function actId (kind: string, subject: Uint8Array): ActId {
  return toHex(sha256(withDomain(ACT_DOMAIN, encode([kind, subject])))) as ActId
}

/** Which acts are due and which are done, as far as one device knows */
export class ActRegister {
  readonly #due = new Set<ActId>()
  readonly #done = new Set<ActId>()

  /**
   * Somebody asks for it.
   *
   * @throws {LimitExceededError} if too many are due: nothing that is due is forgotten
   */
  ask (id: ActId): void {
    if (this.#done.has(id) || this.#due.has(id)) {
      return
    }

    if (this.#due.size >= MAX_DUE_ACTS) {
      throw new LimitExceededError(`More than ${MAX_DUE_ACTS} things are waiting for the primary device`)
    }

    this.#due.add(id)
  }

  /**
   * It was done, here or elsewhere. The oldest of those that are done are forgotten.
   *
   * @returns whether that is news: only then it has an effect
   */
  done (id: ActId): boolean {
    this.#due.delete(id)

    if (this.#done.has(id)) {
      return false
    }

    this.#done.add(id)

    for (const oldest of this.#done) {
      if (this.#done.size <= MAX_DONE_ACTS) {
        break
      }

      this.#done.delete(oldest)
    }

    return true
  }

  isDone (id: ActId): boolean {
    return this.#done.has(id)
  }

  /** What is to be done, in the order in which it was asked for */
  due (): ActId[] {
    return [...this.#due]
  }
}
