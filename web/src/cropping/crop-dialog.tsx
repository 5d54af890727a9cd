import { For, createMemo, createSignal, createUniqueId, onCleanup } from 'solid-js'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemText } from '../parts/problem.tsx'
import { createAction } from '../state/action.ts'
import { useSpeech } from '../words/index.tsx'
import { MAX_ZOOM, moved, squareOf } from './crop.ts'
import { cutSquare } from './cut-square.ts'
import type { Crop } from './crop.ts'
import type { PictureVariant } from '../pictures/index.ts'
import type { JSX } from 'solid-js'
import '../styles/cropping.css'

const STEPS = 100

/** Chooses what of a picture is seen: by dragging it, or with three sliders. `onCut` may reject: the dialog says why and stays */
export function CropDialog (props: { picture: PictureVariant, onCut(square: Blob): Promise<void>, onClose(): void }): JSX.Element {
  const { t } = useSpeech()
  const [crop, setCrop] = createSignal<Crop>({ zoom: 1, x: 0.5, y: 0.5 })
  const square = createMemo(() => squareOf(props.picture, crop()))
  const url = URL.createObjectURL(new Blob([new Uint8Array(props.picture.bytes)], { type: props.picture.type }))
  const use = createAction(async () => { await props.onCut(await cutSquare(props.picture, square())) })
  const sliders = [
    { id: createUniqueId(), label: () => t().crop.zoom, value: () => (crop().zoom - 1) / (MAX_ZOOM - 1), fixed: () => false, set: (value: number) => { setCrop({ ...crop(), zoom: 1 + value * (MAX_ZOOM - 1) }) } },
    { id: createUniqueId(), label: () => t().crop.across, value: () => crop().x, fixed: () => square().side === props.picture.width, set: (x: number) => { setCrop({ ...crop(), x }) } },
    { id: createUniqueId(), label: () => t().crop.down, value: () => crop().y, fixed: () => square().side === props.picture.height, set: (y: number) => { setCrop({ ...crop(), y }) } }
  ]
  const share = (pixels: number): string => `${pixels / square().side * 100}%`
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      const { width } = event.currentTarget.getBoundingClientRect()

      setCrop(moved(props.picture, crop(), event.movementX / width, event.movementY / width))
    }
  }

  onCleanup(() => { URL.revokeObjectURL(url) })

  return (
    <Dialog title={t().crop.title} onClose={() => { props.onClose() }}>
      <div
        class='crop-stage'
        onPointerDown={event => { event.currentTarget.setPointerCapture(event.pointerId) }}
        onPointerMove={drag}
      >
        <img
          src={url}
          alt={t().crop.picture}
          draggable={false}
          style={{ width: share(props.picture.width), left: share(-square().left), top: share(-square().top) }}
        />
      </div>
      <form class='crop-form' onSubmit={event => { event.preventDefault(); void use.run() }}>
        <For each={sliders}>
          {slider => (
            <div class='field crop-slider'>
              <label for={slider.id}>{slider.label()}</label>
              <input
                id={slider.id}
                type='range'
                min={0}
                max={STEPS}
                step={1}
                disabled={slider.fixed() || use.busy()}
                value={Math.round(slider.value() * STEPS)}
                onInput={event => { slider.set(event.currentTarget.valueAsNumber / STEPS) }}
              />
            </div>
          )}
        </For>
        <ProblemText problem={use.problem()} />
        <div class='row row-end'>
          <button type='button' class='button-quiet' onClick={() => { props.onClose() }}>{t().crop.cancel}</button>
          <button type='submit' class='button' disabled={use.busy()}>{use.busy() ? t().crop.saving : t().crop.use}</button>
        </div>
      </form>
    </Dialog>
  )
}
