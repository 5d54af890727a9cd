import { For, Show, createMemo, createSignal, lazy } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import { Photo } from './photo.tsx'
import { pictureRows, proportion } from './picture-rows.ts'
import type { Picture } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

const Lightbox = lazy(async () => ({ default: (await import('./lightbox.tsx')).Lightbox }))

/** The pictures of a post, in justified rows that have their height before anything is loaded */
export function PictureGrid (props: { pictures: Picture[] }): JSX.Element {
  const { t } = useSpeech()
  const [opened, setOpened] = createSignal<number>()
  const ratios = createMemo(() => props.pictures.map(picture => proportion(picture.small)))
  const rows = createMemo(() => {
    let from = 0

    return pictureRows(ratios()).map(count => {
      from += count

      return { from: from - count, to: from }
    })
  })

  return (
    <div class='pictures' classList={{ 'pictures-one': props.pictures.length === 1 }}>
      <For each={rows()}>
        {row => (
          <div class='picture-row'>
            <For each={props.pictures.slice(row.from, row.to)}>
              {(picture, at) => (
                <button
                  type='button'
                  class='picture'
                  style={{ '--ratio': ratios()[row.from + at()] }}
                  aria-label={picture.alt === '' ? t().picture.openUnnamed(row.from + at() + 1, props.pictures.length) : t().picture.open(picture.alt)}
                  onClick={() => { setOpened(row.from + at()) }}
                >
                  <Photo picture={picture} alt='' />
                </button>
              )}
            </For>
          </div>
        )}
      </For>
      <Show when={opened() != null}>
        <Lightbox pictures={props.pictures} at={opened() ?? 0} onClose={() => { setOpened(undefined) }} />
      </Show>
    </div>
  )
}
