/** A closed device's chain: the last entry that counts, and what can no longer count because of it. Rules: specs/log.md [LG35] to [LG39]. */
import { idOfStored } from './entry.ts'
import { seqKey } from './keys.ts'
import { rangeOf } from './ranges.ts'
import type { EntryId } from '../ids.ts'
import type { Store, StoreOp } from '../interface.ts'
import type { Held, Segment } from './held.ts'
import type { StoredEntry } from './index.ts'
import type { Standing } from './take.ts'

/**
 * What is held of a chain under a new record, if that changes what is known of the cut.
 *
 * @param held - of the chain under the record known before
 * @param standing - of the chain's device, as the new record has it
 * @param newestFirst - the chain; read only where a cut is looked for
 */
export async function withCut (held: Readonly<Held>, standing: Standing, newestFirst: AsyncIterable<StoredEntry>): Promise<Held | undefined> {
  const wanted = standing.status === 'closed' ? standing.cut : null
  const { cut: known, ...rest } = held

  if ((known?.id ?? null) === wanted) {
    return undefined
  }

  const cut = wanted == null ? undefined : await findCut(held, wanted, newestFirst)

  return cut == null && known == null ? undefined : { ...rest, ...(cut == null ? {} : { cut }) }
}

/** The highest entry first: where the one that a record names as the last is held */
async function findCut (held: Readonly<Held>, wanted: EntryId, newestFirst: AsyncIterable<StoredEntry>): Promise<Held['cut']> {
  for await (const { seq, bytes } of newestFirst) {
    if (rangeOf(held.segments, seq) != null && idOfStored(bytes) === wanted) {
      return { seq, id: wanted }
    }
  }

  return undefined
}

/** Forgets all from a place on, but for one segment */
export async function truncate (store: Store, prefix: Uint8Array, held: Held, end: number, except?: Segment): Promise<StoreOp[]> {
  const ops: StoreOp[] = []
  const kept: Segment[] = []

  for (const segment of held.segments) {
    if (segment === except || segment.to < end) {
      kept.push(segment)
      continue
    }

    for (let seq = Math.max(segment.from, end); seq <= segment.to; seq++) {
      ops.push({ type: 'delete', key: seqKey(prefix, seq) })
    }

    const stored = segment.from < end ? await store.get(seqKey(prefix, end - 1)) : undefined

    if (stored != null) {
      kept.push({ ...segment, to: end - 1, top: idOfStored(stored) })
    }
  }

  held.segments = kept

  return ops
}

/** Once the split and the cut are both known, what lies past the split and is not linked from the cut is of the branch that lost */
export async function dropLostBranch (store: Store, prefix: Uint8Array, held: Held): Promise<StoreOp[]> {
  if (held.cut == null || held.fork == null) {
    return []
  }

  return truncate(store, prefix, held, held.fork, rangeOf(held.segments, held.cut.seq))
}
