import type { Clock } from '../interface.ts'

interface Due {
  at: number
  lane: number
  order: number
  run (): void | Promise<void>
}

/** Virtual time: what is due runs in order, and time jumps to it */
export class VirtualTime implements Clock {
  private readonly start = 1_700_000_000_000
  private elapsed = 0
  private order = 0
  private readonly heap: Due[] = []

  now (): number {
    return this.start + this.elapsed
  }

  /**
   * Runs something after so many milliseconds.
   *
   * @param delay - from now
   * @param run - what is done then
   * @param lane - of two things due at the same moment, the one in the lower lane runs first; in the same lane, the one asked for first
   */
  after (delay: number, run: Due['run'], lane: number = 0): void {
    this.heap.push({ at: this.elapsed + Math.max(0, Math.round(delay)), lane, order: this.order++, run })
    this.up(this.heap.length - 1)
  }

  /** Runs what is due next; false if nothing is */
  async step (): Promise<boolean> {
    const next = this.pop()

    if (next == null) {
      return false
    }

    this.elapsed = next.at
    await next.run()

    return true
  }

  private isBefore (a: Due, b: Due): boolean {
    return (a.at - b.at || a.lane - b.lane || a.order - b.order) < 0
  }

  private up (at: number): void {
    const { heap } = this
    const parent = (at - 1) >> 1

    if (at > 0 && this.isBefore(heap[at], heap[parent])) {
      [heap[at], heap[parent]] = [heap[parent], heap[at]]
      this.up(parent)
    }
  }

  private pop (): Due | undefined {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()

    if (last != null && heap.length > 0) {
      heap[0] = last
      this.down(0)
    }

    return first
  }

  private down (at: number): void {
    const { heap } = this
    let least = at

    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && this.isBefore(heap[child], heap[least])) {
        least = child
      }
    }

    if (least !== at) {
      [heap[at], heap[least]] = [heap[least], heap[at]]
      this.down(least)
    }
  }
}
