import { For, Show, createSignal, createUniqueId } from 'solid-js'
import { Icon } from '../parts/icon.tsx'
import { useSpeech } from '../words/index.tsx'
import type { JSX } from 'solid-js'

export interface Picked {
  id: string
  file: File
  /** `blob:` address, freed by whoever made it */
  url: string
  alt: string
  /** It is there again when the page is loaded again */
  kept: boolean
}

/** What is about to be posted: thumbnails, each with a field for its description */
export function PickedPictures (props: { pictures: Picked[], disabled: boolean, onAlt(at: number, alt: string): void, onRemove(at: number): void }): JSX.Element {
  const { t } = useSpeech()

  return (
    <ul class='picked' aria-label={t().composer.pictures}>
      <For each={props.pictures}>
        {(picture, at) => {
          const [unreadable, setUnreadable] = createSignal(false)
          const id = createUniqueId()

          return (
            <li>
              <Show when={!unreadable()} fallback={<span class='picked-thumb picked-unreadable'><Icon name='picture' /></span>}>
                <img class='picked-thumb' src={picture.url} alt={t().composer.picture(at() + 1)} onError={() => { setUnreadable(true) }} />
              </Show>
              <div class='field'>
                <label for={id} class='visually-hidden'>{t().composer.alt(at() + 1)}</label>
                <input
                  id={id}
                  type='text'
                  dir='auto'
                  maxLength={1000}
                  placeholder={t().composer.altPlaceholder}
                  readOnly={props.disabled}
                  value={picture.alt}
                  onInput={event => { props.onAlt(at(), event.currentTarget.value) }}
                />
              </div>
              <button type='button' class='icon-button' disabled={props.disabled} aria-label={t().composer.removePicture(at() + 1)} onClick={() => { props.onRemove(at()) }}>
                <Icon name='close' />
              </button>
            </li>
          )
        }}
      </For>
    </ul>
  )
}
