/** Posts in the order they are shown, changed with little work however many there are. Rules: specs/wall.md [WA24]. */
import type { EntryId } from '../ids.ts'
import type { PostView } from './index.ts'

/** Newest first, by (time, id) */
function compare (a: PostView, b: PostView): number {
  return b.time - a.time || (a.id < b.id ? 1 : -1)
}

/**
 * A new array without the posts in `changed`, and with their new views in place; the same array if nothing changes. A view that is
 * undefined: the post is not shown any more.
 */
export function replacePosts (posts: PostView[], changed: Map<EntryId, PostView | undefined>): PostView[] {
  const kept = posts.filter(({ id }) => !changed.has(id))
  const incoming = [...changed.values()].filter(post => post != null).sort(compare)

  if (incoming.length === 0) {
    return kept.length === posts.length ? posts : kept
  }

  const merged: PostView[] = []
  let at = 0

  for (const post of incoming) {
    while (at < kept.length && compare(kept[at], post) < 0) {
      merged.push(kept[at++])
    }

    merged.push(post)
  }

  for (; at < kept.length; at++) {
    merged.push(kept[at])
  }

  return merged
}
