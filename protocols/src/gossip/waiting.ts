import { MAX_WAITING_MESSAGES, WAITING_MS } from './constants.ts'
import type { Clock } from '../interface.ts'

/** Own messages published while nobody was in the topic: a hub answers an announcement one round trip later */
export class Waiting {
  readonly #clock: Clock
  #messages: Array<{ topic: string, data: Uint8Array, until: number }> = []

  constructor (clock: Clock) {
    this.#clock = clock
  }

  add (topic: string, data: Uint8Array): void {
    this.#messages.push({ topic, data, until: this.#clock.now() + WAITING_MS })

    if (this.#messages.length > MAX_WAITING_MESSAGES) {
      this.#messages.shift()
    }
  }

  /** Those of a topic that are not too old, which wait no longer */
  take (topic: string): Uint8Array[] {
    const now = this.#clock.now()
    const mine = this.#messages.filter(message => message.topic === topic && message.until > now)

    this.#messages = this.#messages.filter(message => message.topic !== topic && message.until > now)

    return mine.map(({ data }) => data)
  }

  clear (): void {
    this.#messages = []
  }
}
