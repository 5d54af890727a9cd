import { Show, createMemo, createSignal } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import { DeliveryText } from '../parts/delivery.tsx'
import { Menu } from '../parts/menu.tsx'
import { TimeAgo } from '../parts/time-ago.tsx'
import { wallHref } from '../state/route.ts'
import { useSpeech } from '../words/index.tsx'
import { PostBody } from './post-body.tsx'
import { PostEdit } from './post-edit.tsx'
import { PostRemove } from './post-remove.tsx'
import type { Post } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

export function PostItem (props: { post: Post }): JSX.Element {
  const { t, format } = useSpeech()
  const [doing, setDoing] = createSignal<'edit' | 'remove'>()
  const name = createMemo(() => props.post.author.name === '' ? t().wall.nameless : props.post.author.name)

  return (
    <article class='post' data-post={props.post.id} aria-label={t().post.article(name(), format().full(props.post.time))}>
      <header class='post-head'>
        <a class='post-avatar' href={wallHref(props.post.author.id)} tabindex='-1' aria-hidden='true'><Avatar person={props.post.author} /></a>
        <div class='post-who'>
          <a class='post-author' href={wallHref(props.post.author.id)}><bdi>{name()}</bdi></a>
          <span class='post-when'>
            <TimeAgo time={props.post.time} />
            <Show when={props.post.editedAt}>
              {time => <span title={t().post.editedAt(format().full(time()))}> · {t().post.edited}</span>}
            </Show>
          </span>
        </div>
        <Show when={props.post.mine}>
          <Menu
            label={t().post.menu}
            items={[
              { label: t().post.edit, choose: () => { setDoing('edit') } },
              { label: t().post.remove, grave: true, choose: () => { setDoing('remove') } }
            ]}
          />
        </Show>
      </header>
      <Show when={doing() === 'edit'} fallback={<PostBody post={props.post} />}>
        <PostEdit post={props.post} onDone={() => { setDoing(undefined) }} />
      </Show>
      <Show when={props.post.mine ? props.post.delivery : undefined}>
        {delivery => <footer class='post-foot'><DeliveryText delivery={delivery()} /></footer>}
      </Show>
      <Show when={doing() === 'remove'}>
        <PostRemove post={props.post} onDone={() => { setDoing(undefined) }} />
      </Show>
    </article>
  )
}
