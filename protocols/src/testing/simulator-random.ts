/** Numbers that look random and are the same for the same seed (mulberry32). Not for keys. */
export class SeededRandom {
  private state: number

  constructor (seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 up to 1, which is not included */
  next (): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0

    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)

    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)

    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number, both ends included */
  between (low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance (probability: number): boolean {
    return this.next() < probability
  }

  pick<T> (from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)]
  }

  /** The `Random` contract */
  bytes (length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.between(0, 255))
  }
}
