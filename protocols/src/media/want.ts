/** One block that is being asked for: whom to ask next, and when to give up. IO-less: what it decides goes out through `effects`. */
import { ABSENT_GRACE_MS, ASK_AGAIN_MS, HEDGE_MS, MAX_SEND_FAILURES, STALL_MS } from './constants.ts'

export interface WantEffects {
  ask (provider: string): void
  /** The want, or its answer, may have been lost with a connection */
  askAgain (provider: string): void
  /** It has not said anything for a while: other blocks are better asked elsewhere first */
  silent (provider: string): void
  isConnected (provider: string): boolean
  /** When something of any kind last came from the provider */
  lastHeard (provider: string): number
  /** Nobody is left to wait for */
  fail (): void
}

export class Want {
  readonly #providers: string[]
  readonly #asked = new Set<string>()
  readonly #refused = new Set<string>()
  /** How often a want could not be sent */
  readonly #failures = new Map<string, number>()
  /** Just failed: not to be asked before the next tick */
  readonly #resting = new Set<string>()
  readonly #began: number
  #askedAgain: number
  readonly #effects: WantEffects

  /** @param providers - the nearest first */
  constructor (providers: string[], now: number, effects: WantEffects) {
    this.#providers = [...new Set(providers)]
    this.#began = now
    this.#askedAgain = now
    this.#effects = effects
  }

  /** Those who were asked and may still answer */
  get asked (): ReadonlySet<string> {
    return this.#asked
  }

  start (now: number): void {
    this.#askNext()
    this.#failIfHopeless(now)
  }

  refused (provider: string, now: number): void {
    if (!this.#asked.delete(provider)) {
      return
    }

    this.#refused.add(provider)

    if (this.#asked.size === 0) {
      this.#askNext()
    }

    this.#failIfHopeless(now)
  }

  disconnected (provider: string, now: number): void {
    if (this.#asked.delete(provider) && this.#asked.size === 0) {
      this.#askNext()
    }

    this.#failIfHopeless(now)
  }

  /** The want could not be sent, although there is a connection */
  failed (provider: string, now: number): void {
    if (!this.#asked.delete(provider)) {
      return
    }

    const failures = (this.#failures.get(provider) ?? 0) + 1
    this.#failures.set(provider, failures)
    this.#resting.add(provider)

    if (failures >= MAX_SEND_FAILURES) {
      this.#refused.add(provider)
    }

    if (this.#asked.size === 0) {
      this.#askNext()
    }

    this.#failIfHopeless(now)
  }

  connected (provider: string): void {
    if (this.#asked.size === 0 && this.#providers.includes(provider) && !this.#refused.has(provider)) {
      this.#ask(provider)
    }
  }

  tick (now: number): void {
    this.#resting.clear()

    if (this.#asked.size === 0) {
      this.#askNext()
    }

    if (this.#asked.size > 0) {
      const heard = Math.max(this.#began, ...[...this.#asked].map(provider => this.#effects.lastHeard(provider)))

      if (now - heard >= STALL_MS) {
        this.#effects.fail()
        return
      }

      if (now - Math.max(heard, this.#askedAgain) >= ASK_AGAIN_MS) {
        this.#askedAgain = now
        this.#asked.forEach(provider => { this.#effects.askAgain(provider) })
      }

      if (now - heard >= HEDGE_MS) {
        this.#asked.forEach(provider => { this.#effects.silent(provider) })
        this.#askNext()
      }
    }

    this.#failIfHopeless(now)
  }

  #askNext (): void {
    const next = this.#providers.find(provider =>
      !this.#asked.has(provider) && !this.#refused.has(provider) && !this.#resting.has(provider) && this.#effects.isConnected(provider))

    if (next != null) {
      this.#ask(next)
    }
  }

  #ask (provider: string): void {
    this.#asked.add(provider)
    this.#effects.ask(provider)
  }

  #failIfHopeless (now: number): void {
    const mayReturn = this.#providers.some(provider => !this.#refused.has(provider))

    if (this.#asked.size === 0 && (!mayReturn || now - this.#began >= ABSENT_GRACE_MS)) {
      this.#effects.fail()
    }
  }
}
