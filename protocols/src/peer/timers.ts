/** Work that is done later, unless it is all called off before */
export class Timers {
  readonly #pending = new Set<ReturnType<typeof setTimeout>>()
  #stopped = false

  later (delay: number, work: () => void): void {
    if (this.#stopped) {
      return
    }

    const timer = setTimeout(() => {
      this.#pending.delete(timer)
      work()
    }, delay)

    this.#pending.add(timer)
  }

  stop (): void {
    this.#stopped = true
    this.#pending.forEach(clearTimeout)
    this.#pending.clear()
  }
}
