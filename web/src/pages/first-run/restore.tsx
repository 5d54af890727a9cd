import { Show, createSignal, createUniqueId, onMount } from 'solid-js'
import { EngineError } from '../../engine/contract.ts'
import { ProblemText } from '../../parts/problem.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { HOME, navigate } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import type { Progress } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

/** A wall that was somewhere else before */
export function Restore (props: { onBack(): void }): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const [file, setFile] = createSignal<File>()
  const [passphrase, setPassphrase] = createSignal('')
  const [progress, setProgress] = createSignal<Progress>()
  const fileId = createUniqueId()
  const passphraseId = createUniqueId()
  let title: HTMLHeadingElement | undefined
  const restore = createAction(async () => {
    const backup = file()

    if (backup == null) {
      throw new EngineError({ code: 'not-a-backup', detail: 'no file chosen' })
    }

    setProgress(undefined)
    await engine.restore(backup, passphrase(), setProgress)
    navigate(HOME, { replace: true })
  })

  onMount(() => title?.focus())

  return (
    <form class='page narrow' noValidate onSubmit={event => { event.preventDefault(); void restore.run() }}>
      <h1 ref={title} tabindex='-1'>{t().restore.title}</h1>
      <p class='lead'>{t().restore.lead}</p>
      <div class='field'>
        <label for={fileId}>{t().restore.file}</label>
        <input id={fileId} type='file' required onChange={event => { setFile(event.currentTarget.files?.[0]) }} />
      </div>
      <div class='field'>
        <label for={passphraseId}>{t().restore.passphrase}</label>
        <input id={passphraseId} type='password' autocomplete='current-password' required value={passphrase()} onInput={event => { setPassphrase(event.currentTarget.value) }} />
      </div>
      <ProblemText problem={restore.problem()} />
      <Show when={restore.busy()}><ProgressBar progress={progress()} /></Show>
      <div class='row'>
        <button type='submit' class='button' disabled={restore.busy()}>{restore.busy() ? t().restore.working : t().restore.button}</button>
        <button type='button' class='button-quiet' onClick={() => { props.onBack() }}>{t().restore.back}</button>
      </div>
    </form>
  )
}
