import { Show, createMemo, createSignal, createUniqueId } from 'solid-js'
import { Markdown } from '../markdown/render.tsx'
import { PictureGrid } from '../parts/picture-grid.tsx'
import { useSpeech } from '../words/index.tsx'
import { excerpt } from './excerpt.ts'
import type { Post } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** Text and pictures, behind a fold where the author warned */
export function PostBody (props: { post: Post }): JSX.Element {
  const { t } = useSpeech()
  const [unfolded, setUnfolded] = createSignal(false)
  const [whole, setWhole] = createSignal(false)
  const start = createMemo(() => excerpt(props.post.text))
  const warning = createMemo(() => props.post.warning ?? '')
  const id = createUniqueId()

  return (
    <>
      <Show when={warning() !== ''}>
        <div class='warning'>
          <p dir='auto'>{warning()}</p>
          <button type='button' class='button-quiet' aria-expanded={unfolded()} aria-controls={id} onClick={() => { setUnfolded(!unfolded()) }}>
            {unfolded() ? t().post.hide : t().post.show}
          </button>
        </div>
      </Show>
      <div class='post-body' id={id}>
        <Show when={warning() === '' || unfolded()}>
          <Show when={props.post.text !== ''}>
            <Markdown text={whole() ? props.post.text : start() ?? props.post.text} lang={props.post.lang} />
          </Show>
          <Show when={start() != null && !whole()}>
            <button type='button' class='button-quiet' onClick={() => { setWhole(true) }}>{t().post.more}</button>
          </Show>
          <Show when={props.post.pictures.length > 0}>
            <PictureGrid pictures={props.post.pictures} />
          </Show>
        </Show>
      </div>
    </>
  )
}
