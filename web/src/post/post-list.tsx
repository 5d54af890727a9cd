import { For, Show, createEffect, createMemo, createSignal, onCleanup, onMount, untrack } from 'solid-js'
import { Icon } from '../parts/icon.tsx'
import { SkeletonPosts } from '../parts/skeleton.tsx'
import { holdBack } from '../state/fresh-posts.ts'
import { place } from '../state/place.ts'
import { useSpeech } from '../words/index.tsx'
import { PostItem } from './post-item.tsx'
import type { Post } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** How many posts are made at once, and how far before the end the next ones */
const STEP = 20
const MARGIN = '1500px'

/** Scrolled further than this, one is reading: nothing may push the text away */
const READING_PX = 240

export interface PostListProps {
  posts: Post[]
  loading: boolean
  /** What is said while older posts are on their way */
  loadingLabel: string
  empty: JSX.Element
}

/** Posts, newest first. Makes them as one scrolls, and holds new ones back while one reads */
export function PostList (props: PostListProps): JSX.Element {
  const { t } = useSpeech()
  const [limit, setLimit] = createSignal(Math.max(STEP, place().shown))
  const [atTop, setAtTop] = createSignal(window.scrollY < READING_PX)
  const [newest, setNewest] = createSignal<number>()
  const [arrived, setArrived] = createSignal(0)
  const fresh = createMemo(() => holdBack(props.posts, newest(), atTop()))
  const shown = createMemo(() => fresh().shown.slice(0, limit()))
  let end: HTMLDivElement | undefined

  createEffect(() => {
    if (atTop()) {
      const before = untrack(newest)
      const arrived = before == null ? 0 : props.posts.filter(post => !post.mine && post.time > before).length

      setNewest(props.posts[0]?.time)

      if (arrived > 0) {
        setArrived(arrived)
      }
    } else {
      setArrived(0)
    }
  })

  onMount(() => {
    const onScroll = (): void => { setAtTop(window.scrollY < READING_PX) }
    const observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        place().shown = setLimit(limit => Math.min(limit, props.posts.length) + STEP)
      }
    }, { rootMargin: MARGIN })

    window.addEventListener('scroll', onScroll, { passive: true })
    onCleanup(() => {
      window.removeEventListener('scroll', onScroll)
      observer.disconnect()
    })

    // the sentinel is seen anew after each step, also when it never left the window
    createEffect(() => {
      const more = shown().length < fresh().shown.length

      if (end != null) {
        observer.unobserve(end)

        if (more) {
          observer.observe(end)
        }
      }
    })
  })

  const toTop = (): void => {
    setNewest(props.posts[0]?.time)
    window.scrollTo({ top: 0, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
  }

  return (
    <section class='posts'>
      <div class='pill-place' role='status'>
        <Show when={fresh().waiting > 0}>
          <button type='button' class='pill' onClick={toTop}><Icon name='up' />{t().timeline.newPosts(fresh().waiting)}</button>
        </Show>
      </div>
      <p class='visually-hidden' role='status'>{arrived() > 0 ? t().timeline.newPosts(arrived()) : ''}</p>
      <For each={shown()}>{post => <PostItem post={post} />}</For>
      <div ref={end} class='posts-end'>
        <Show when={props.loading}>
          <SkeletonPosts count={props.posts.length === 0 ? 3 : 1} label={props.loadingLabel} />
        </Show>
        <Show when={!props.loading && props.posts.length === 0}>{props.empty}</Show>
      </div>
    </section>
  )
}
