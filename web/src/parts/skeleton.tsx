import { For } from 'solid-js'
import type { JSX } from 'solid-js'

/** The shape of posts that are on their way */
export function SkeletonPosts (props: { count: number, label: string }): JSX.Element {
  return (
    <div class='skeletons' role='status'>
      <span class='visually-hidden'>{props.label}</span>
      <For each={Array.from({ length: props.count })}>
        {() => (
          <div class='skeleton' aria-hidden='true'>
            <span class='skeleton-avatar' />
            <span class='skeleton-line skeleton-short' />
            <span class='skeleton-line' />
            <span class='skeleton-line skeleton-half' />
          </div>
        )}
      </For>
    </div>
  )
}
