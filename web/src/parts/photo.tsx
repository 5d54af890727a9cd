import { Show, createEffect, createSignal, on, onCleanup, onMount } from 'solid-js'
import { useEngine } from '../state/engine.tsx'
import { useSpeech } from '../words/index.tsx'
import { createMedia } from './media.ts'
import type { Picture } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** How far outside of the window a picture begins to load */
const MARGIN = '600px'

/** A small picture in the space its measures claim: blurred until the bytes are here. `quiet`: without a word when nobody has them */
export function Photo (props: { picture: Picture, alt: string, quiet?: boolean }): JSX.Element {
  const { engine, connection } = useEngine()
  const { t } = useSpeech()
  const [near, setNear] = createSignal(false)
  const media = createMedia(engine, () => near() ? props.picture.small.media : undefined)
  const [painted, setPainted] = createSignal(false)
  let frame: HTMLSpanElement | undefined

  // who has it may be back with the connection
  createEffect(on(() => connection()?.light, light => {
    if (light === 'green' && media.failed()) {
      media.retry()
    }
  }, { defer: true }))

  onMount(() => {
    const observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        setNear(true)
        observer.disconnect()
      }
    }, { rootMargin: MARGIN })

    if (frame != null) {
      observer.observe(frame)
    }

    onCleanup(() => { observer.disconnect() })
  })

  return (
    <span class='photo' ref={frame} classList={{ painted: painted() }}>
      <Show when={props.picture.blur !== ''}>
        <img class='photo-blur' src={props.picture.blur} alt='' aria-hidden='true' />
      </Show>
      <Show when={media.url()}>
        {url => <img class='photo-sharp' src={url()} alt={props.alt} onLoad={() => { setPainted(true) }} />}
      </Show>
      <Show when={media.failed() && props.quiet !== true}>
        <span class='photo-failed'>{t().picture.failed}</span>
      </Show>
    </span>
  )
}
