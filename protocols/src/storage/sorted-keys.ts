/** Most keys in one chunk before it is split in two */
const MAX_CHUNK = 512

/** An ordered set of strings that stays quick with tens of thousands of them */
export class SortedKeys {
  /** Ascending; none is empty */
  readonly #chunks: string[][] = []

  add (key: string): void {
    if (this.#chunks.length === 0) {
      this.#chunks.push([key])
      return
    }

    const index = Math.min(this.#chunkOf(key), this.#chunks.length - 1)
    const chunk = this.#chunks[index]
    const at = lowerBound(chunk.length, i => chunk[i] < key)

    if (chunk[at] === key) {
      return
    }

    chunk.splice(at, 0, key)

    if (chunk.length > MAX_CHUNK) {
      this.#chunks.splice(index + 1, 0, chunk.splice(chunk.length >> 1))
    }
  }

  delete (key: string): void {
    const index = this.#chunkOf(key)
    const chunk = this.#chunks[index]
    const at = chunk == null ? -1 : lowerBound(chunk.length, i => chunk[i] < key)

    if (chunk?.[at] !== key) {
      return
    }

    chunk.splice(at, 1)

    if (chunk.length === 0) {
      this.#chunks.splice(index, 1)
    }
  }

  /** From start, included, to end, not included; to the last where there is no end */
  * ascending (start: string, end?: string): Generator<string> {
    for (let index = this.#chunkOf(start); index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index]

      for (let at = lowerBound(chunk.length, i => chunk[i] < start); at < chunk.length; at++) {
        if (end != null && chunk[at] >= end) {
          return
        }

        yield chunk[at]
      }
    }
  }

  /** The same keys as `ascending`, the last first */
  * descending (start: string, end?: string): Generator<string> {
    const last = end == null ? this.#chunks.length - 1 : Math.min(this.#chunkOf(end), this.#chunks.length - 1)

    for (let index = last; index >= 0; index--) {
      const chunk = this.#chunks[index]
      const above = end == null ? chunk.length : lowerBound(chunk.length, i => chunk[i] < end)

      for (let at = above - 1; at >= 0; at--) {
        if (chunk[at] < start) {
          return
        }

        yield chunk[at]
      }
    }
  }

  /** The first chunk whose last key is not below this one */
  #chunkOf (key: string): number {
    return lowerBound(this.#chunks.length, i => this.#chunks[i][this.#chunks[i].length - 1] < key)
  }
}

/** The first index at which `isBelow` no longer holds */
function lowerBound (length: number, isBelow: (index: number) => boolean): number {
  let low = 0
  let high = length

  while (low < high) {
    const middle = (low + high) >> 1

    if (isBelow(middle)) {
      low = middle + 1
    } else {
      high = middle
    }
  }

  return low
}
