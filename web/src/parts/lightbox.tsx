import { Show, createMemo, createSignal, onMount } from 'solid-js'
import { useEngine } from '../state/engine.tsx'
import { useSpeech } from '../words/index.tsx'
import { Icon } from './icon.tsx'
import { createMedia } from './media.ts'
import { ProgressBar } from './progress-bar.tsx'
import type { Picture } from '../engine/contract.ts'
import type { JSX } from 'solid-js'
import '../styles/lightbox.css'

/** How far a finger moves sideways before it means the next picture */
const SWIPE_PX = 48

/** One picture as large as the window. Arrow keys and swipes turn over, Escape closes */
export function Lightbox (props: { pictures: Picture[], at: number, onClose(): void }): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const [at, setAt] = createSignal(props.at)
  const picture = createMemo(() => props.pictures[Math.min(at(), props.pictures.length - 1)])
  const small = createMedia(engine, () => picture().small.media)
  const large = createMedia(engine, () => picture().large.media)
  let dialog: HTMLDialogElement | undefined
  let touchedAt: number | undefined

  const turn = (by: number): void => {
    setAt(Math.min(props.pictures.length - 1, Math.max(0, at() + by)))
  }
  const onKey = (event: KeyboardEvent): void => {
    const forwards = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const backwards = document.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft'

    if (event.key === forwards || event.key === backwards) {
      event.preventDefault()
      turn(event.key === forwards ? 1 : -1)
    }
  }

  onMount(() => dialog?.showModal())

  return (
    <dialog
      ref={dialog}
      class='lightbox'
      aria-label={t().picture.viewer}
      onClose={() => { props.onClose() }}
      onKeyDown={onKey}
      onPointerDown={event => { touchedAt = event.pointerType === 'touch' ? event.clientX : undefined }}
      onPointerUp={event => {
        const moved = touchedAt == null ? 0 : event.clientX - touchedAt

        if (Math.abs(moved) > SWIPE_PX) {
          turn(moved < 0 ? 1 : -1)
        }
      }}
    >
      <figure>
        <div class='lightbox-stage' onClick={event => { if (event.target === event.currentTarget) { dialog?.close() } }}>
          <Show when={large.url() ?? small.url()} fallback={<Show when={picture().blur !== ''}><img class='lightbox-blur' src={picture().blur} alt='' /></Show>}>
            {url => (
              <img
                src={url()}
                width={picture().large.width}
                height={picture().large.height}
                alt={picture().alt === '' ? t().picture.unnamed(at() + 1, props.pictures.length) : picture().alt}
              />
            )}
          </Show>
        </div>
        <figcaption>
          <Show when={large.failed()}>
            <p>{t().picture.failed} <button type='button' class='button-quiet' onClick={() => { large.retry() }}>{t().picture.retry}</button></p>
          </Show>
          <Show when={large.url() == null && !large.failed()}>
            <ProgressBar progress={large.progress()} />
          </Show>
          <Show when={picture().alt !== ''}><p dir='auto'>{picture().alt}</p></Show>
        </figcaption>
      </figure>
      <div class='lightbox-controls'>
        <Show when={props.pictures.length > 1}>
          <button type='button' class='icon-button' aria-label={t().picture.previous} disabled={at() === 0} onClick={() => { turn(-1) }}><Icon name='previous' /></button>
          <span class='lightbox-position' role='status'>{t().picture.position(at() + 1, props.pictures.length)}</span>
          <button type='button' class='icon-button' aria-label={t().picture.next} disabled={at() === props.pictures.length - 1} onClick={() => { turn(1) }}><Icon name='next' /></button>
        </Show>
        <button type='button' class='icon-button lightbox-close' autofocus aria-label={t().picture.close} onClick={() => dialog?.close()}><Icon name='close' /></button>
      </div>
    </dialog>
  )
}
