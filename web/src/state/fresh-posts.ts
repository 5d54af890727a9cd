import type { Post } from '../engine/contract.ts'

/** What a list shows, and how many newer posts wait above it */
export interface FreshPosts {
  shown: Post[]
  waiting: number
}

/**
 * Holds new posts back while somebody reads further down. What is older than the newest that was shown (a catch-up fills in) and what one wrote
 * oneself appears at once.
 */
export function holdBack (posts: Post[], newestShown: number | undefined, atTop: boolean): FreshPosts {
  if (atTop || newestShown == null) {
    return { shown: posts, waiting: 0 }
  }

  const shown = posts.filter(post => post.mine || post.time <= newestShown)

  return { shown, waiting: posts.length - shown.length }
}
