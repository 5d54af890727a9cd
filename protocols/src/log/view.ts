/** What of a held chain counts, and what of it is offered to others. Pure. Rules: specs/log.md [LG35] to [LG39]. */
import { headOf } from './held.ts'
import { below, rangeOf } from './ranges.ts'
import type { EntryId } from '../ids.ts'
import type { HeldChain } from './chains.ts'
import type { Held } from './held.ts'
import type { ChainState, ChainView } from './index.ts'
import type { Range } from './ranges.ts'
import type { Standing } from './take.ts'

/** Whether the entry held at a place counts */
export function countsAt (held: Readonly<Held>, standing: Standing, seq: number): boolean {
  const range = rangeOf(held.segments, seq)

  if (range == null || standing.status === 'unknown' || standing.status === 'ended') {
    return false
  }

  if (standing.status === 'closed') {
    // only links from the cut show that an entry is an ancestor of it
    return standing.cut != null && held.cut != null && seq <= held.cut.seq && held.cut.seq <= range.to
  }

  return held.fork == null || seq < held.fork
}

/** What may be offered: all that counts or may turn out to count */
export function offered (held: Readonly<Held>, standing: Standing): Range[] {
  if (standing.status === 'unknown' || (standing.status === 'closed' && standing.cut == null)) {
    return []
  }

  const end = standing.status === 'closed' && held.cut != null ? held.cut.seq + 1 : held.fork ?? Infinity

  return below(held.segments, end)
}

/** All that is held of a chain, whether it counts or not; undefined if that is no entry */
export function toState ({ key, held }: HeldChain): ChainState | undefined {
  const head = headOf(held)

  return head == null
    ? undefined
    : { ...key, ranges: below(held.segments, Infinity), head, ...(held.fork == null ? {} : { fork: held.fork }) }
}

/** What may be shown to others; `idAt` tells the id of an entry that is held */
export async function toView ({ key, held }: HeldChain, standing: Standing, idAt: (seq: number) => Promise<EntryId | undefined>): Promise<ChainView> {
  const ranges = offered(held, standing)
  const top = ranges[ranges.length - 1]?.to
  const head = top == null ? undefined : held.segments.find(({ to }) => to === top)?.top ?? await idAt(top)

  return {
    ...key,
    ranges,
    ...(top == null || head == null ? {} : { head: { seq: top, id: head } }),
    ...(held.fork == null ? {} : { fork: held.fork })
  }
}
