/** Which of several versions stands: edits of a post, profiles, reaches. Rules: specs/wall.md [WA30] to [WA33]. */
import type { EntryId } from '../ids.ts'

export interface Version {
  id: EntryId
  /** As signed by the author, not when it was seen: every reader must find the same winner */
  claimed: number
  /** Versions that it replaces */
  after: EntryId[]
}

/** Negative if a stands below b */
function compare (a: Version, b: Version): number {
  return a.claimed - b.claimed || (a.id < b.id ? -1 : 1)
}

/** Versions that no other replaces, the winner first */
export function leaves<V extends Version> (versions: V[]): V[] {
  const replaced = new Set(versions.flatMap(({ after }) => after))

  return versions.filter(({ id }) => !replaced.has(id)).sort((a, b) => compare(b, a))
}
