/** Sets of whole numbers as ascending, disjoint, not adjacent ranges. */

/** Sequence numbers without a gap, both included */
export interface Range {
  from: number
  to: number
}

/** The range that holds a number */
export function rangeOf<R extends Range> (ranges: readonly R[], value: number): R | undefined {
  let low = 0
  let high = ranges.length - 1

  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]

    if (value < range.from) {
      high = middle - 1
    } else if (value > range.to) {
      low = middle + 1
    } else {
      return range
    }
  }

  return undefined
}

/** Both sets together */
export function union (a: readonly Range[], b: readonly Range[]): Range[] {
  const sorted = [...a, ...b].sort((left, right) => left.from - right.from)
  const out: Range[] = []

  for (const { from, to } of sorted) {
    const last = out[out.length - 1]

    if (last != null && from <= last.to + 1) {
      last.to = Math.max(last.to, to)
    } else {
      out.push({ from, to })
    }
  }

  return out
}

/** What is in a and not in b */
export function difference (a: readonly Range[], b: readonly Range[]): Range[] {
  const out: Range[] = []
  let at = 0

  for (const { from, to } of a) {
    let start = from

    while (at < b.length && b[at].to < start) {
      at++
    }

    for (let i = at; i < b.length && b[i].from <= to; i++) {
      if (b[i].from > start) {
        out.push({ from: start, to: b[i].from - 1 })
      }

      start = b[i].to + 1
    }

    if (start <= to) {
      out.push({ from: start, to })
    }
  }

  return out
}

/** What is in a and below an end, which is not included */
export function below (a: readonly Range[], end: number): Range[] {
  return a.filter(({ from }) => from < end).map(({ from, to }) => ({ from, to: Math.min(to, end - 1) }))
}
