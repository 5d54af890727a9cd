import { Show, createSignal, createUniqueId } from 'solid-js'
import { CropDialog } from '../../cropping/crop-dialog.tsx'
import { meter } from '../../engine/meter.ts'
import { guard } from '../../engine/problems.ts'
import { Avatar } from '../../parts/avatar.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { preparePicture } from '../../pictures/index.ts'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { useSpeech } from '../../words/index.tsx'
import type { Person, Progress } from '../../engine/contract.ts'
import type { PictureVariant } from '../../pictures/index.ts'
import type { JSX } from 'solid-js'

/** The picture of oneself that stands next to the name */
export function OwnPicture (props: { me: Person }): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const [chosen, setChosen] = createSignal<PictureVariant>()
  const [progress, setProgress] = createSignal<Progress>()
  const [said, setSaid] = createSignal('')
  const labelId = createUniqueId()
  let button: HTMLButtonElement | undefined
  let chooser: HTMLInputElement | undefined

  const save = async (avatar: Blob | null): Promise<void> => {
    const { name, bio } = props.me

    await engine.profile({ name, ...(bio == null ? {} : { bio }), avatar })
    setSaid(t().settings.saved)
  }
  const open = createAction(async (file: File) => {
    const tell = meter('bytes', setProgress)

    setProgress(undefined)
    setSaid('')
    remove.forget()

    const { large } = await guard(async () => preparePicture(file, { onProgress: (done, total) => { tell(Math.round(done / total * file.size), file.size) } }))

    setChosen(large)
  })
  const remove = createAction(async () => {
    open.forget()
    await save(null)
    button?.focus()
  })

  return (
    <div class='field'>
      <span class='label' id={labelId}>{t().settings.picture}</span>
      <div class='own-picture' role='group' aria-labelledby={labelId}>
        <Avatar person={props.me} size='large' />
        <input
          ref={chooser}
          class='visually-hidden'
          type='file'
          accept='image/*'
          tabindex='-1'
          aria-hidden='true'
          onChange={event => {
            const [file] = event.currentTarget.files ?? []

            event.currentTarget.value = ''

            if (file != null) {
              void open.run(file)
            }
          }}
        />
        <button ref={button} type='button' class='button-quiet' onClick={() => chooser?.click()}>
          {props.me.avatar == null ? t().settings.choosePicture : t().settings.changePicture}
        </button>
        <Show when={props.me.avatar}>
          <button type='button' class='link-button' onClick={() => { void remove.run() }}>{t().settings.removePicture}</button>
        </Show>
        <span class='hint' role='status'>{said()}</span>
      </div>
      <ProblemText problem={open.problem() ?? remove.problem()} />
      <Show when={open.busy()}><ProgressBar progress={progress()} /></Show>
      <Show when={chosen()}>
        {picture => (
          <CropDialog
            picture={picture()}
            onCut={async square => {
              await save(square)
              setChosen(undefined)
            }}
            onClose={() => { setChosen(undefined) }}
          />
        )}
      </Show>
    </div>
  )
}
