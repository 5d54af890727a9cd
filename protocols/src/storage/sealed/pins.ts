/** Which commits are being read: what later ones replaced must stay so long */
export class Pins {
  readonly #counts = new Map<number, number>()

  /** @returns what lets go of it again, once */
  pin (commit: number): () => void {
    let held = true
    this.#counts.set(commit, (this.#counts.get(commit) ?? 0) + 1)

    return () => {
      if (held) {
        held = false
        this.#release(commit)
      }
    }
  }

  /** The first commit that is being read; Infinity if none is */
  oldest (): number {
    return Math.min(Infinity, ...this.#counts.keys())
  }

  #release (commit: number): void {
    const left = (this.#counts.get(commit) ?? 0) - 1

    if (left > 0) {
      this.#counts.set(commit, left)
    } else {
      this.#counts.delete(commit)
    }
  }
}
