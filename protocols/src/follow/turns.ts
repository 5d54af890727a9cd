/** Lets so many at a time do something for each key; the others wait for their turn, in order */
export class Turns {
  readonly #max: number
  readonly #busy = new Map<string, { running: number, waiting: Array<() => void> }>()

  constructor (max: number) {
    this.#max = max
  }

  async take <T> (key: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#busy.get(key) ?? { running: 0, waiting: [] }

    this.#busy.set(key, turn)

    if (turn.running >= this.#max) {
      // whoever ends hands on its place
      await new Promise<void>(resolve => { turn.waiting.push(resolve) })
    } else {
      turn.running++
    }

    try {
      return await work()
    } finally {
      const next = turn.waiting.shift()

      if (next != null) {
        next()
      } else if (--turn.running === 0) {
        this.#busy.delete(key)
      }
    }
  }
}
