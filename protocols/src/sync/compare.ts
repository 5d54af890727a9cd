/** What is to be done once both sides have told what they have of a space: records first, then proofs and splits. Rules: specs/sync.md [SY21] to [SY26]. */
import { rangeOf } from '../log/ranges.ts'
import { keyOf, standsAbove } from './space-state.ts'
import type { Effect, Summary } from './events.ts'
import type { SpaceState } from './space-state.ts'
import type { SpaceId } from '../ids.ts'

/**
 * Compares, and notes in the state which entries are to be sent.
 *
 * @param space - which one it is
 * @param state - what is known of the other side; is changed
 * @param summary - what we have
 */
export function compare (space: SpaceId, state: SpaceState, summary: Summary): Effect[] {
  const effects: Effect[] = []
  const newer = summary.records.filter(mark => standsAbove(mark, state.theirRecords.get(mark.identity)))

  if (newer.length > 0) {
    newer.forEach(mark => state.theirRecords.set(mark.identity, mark))
    effects.push({ type: 'send-records', space, identities: newer.map(({ identity }) => identity) })
  }

  for (const view of summary.chains) {
    const theirs = state.theirsOf(view)

    if (view.fork != null && view.fork < (theirs.fork ?? Infinity)) {
      effects.push({ type: 'send-proof', chain: view })
    }

    if (theirs.head != null && view.head?.id !== theirs.head.id && rangeOf(view.ranges, theirs.head.seq) != null) {
      effects.push({ type: 'compare', chain: keyOf(view), points: [theirs.head] })
    }

    state.offer(keyOf(view), view.ranges)
  }

  if (state.compareDue) {
    state.compareDue = false
    state.isCaughtUp = false

    if (state.wantsReceipts) {
      effects.push({ type: 'sign-receipts', space })
    }
  }

  return effects
}
