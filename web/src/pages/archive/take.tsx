import { Show, createSignal, createUniqueId } from 'solid-js'
import { EngineError } from '../../engine/contract.ts'
import { ProblemText } from '../../parts/problem.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { useEngine } from '../../state/engine.tsx'
import { createLongAction } from '../../state/long-action.ts'
import { HOME, navigate, wallHref } from '../../state/route.ts'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { archive } from '../../words/pages/archive.ts'
import type { TakenArchive } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

export function Take (): JSX.Element {
  const { engine, session } = useEngine()
  const { t } = useSpeech()
  const words = usePageWords(archive)
  const [file, setFile] = createSignal<File>()
  const [passphrase, setPassphrase] = createSignal('')
  const [taken, setTaken] = createSignal<TakenArchive>()
  const fileId = createUniqueId()
  const passphraseId = createUniqueId()
  const hintId = createUniqueId()
  const take = createLongAction(async options => {
    const joined = session().phase === 'ready'
    const chosen = file()

    setTaken(undefined)

    if (chosen == null) {
      throw new EngineError({ code: 'not-an-archive', detail: 'no file chosen' })
    }

    const result = await engine.takeArchive(chosen, joined || passphrase() === '' ? {} : { passphrase: passphrase() }, options)

    if (joined) {
      setTaken(result)
    } else {
      navigate(result.mine ? HOME : wallHref(result.person.id), { replace: true })
    }
  })
  const working = (): string => take.progress()?.step === 'take' ? words().taking : words().checking

  return (
    <form class='setting' noValidate onSubmit={event => { event.preventDefault(); void take.run() }}>
      <h2>{words().take}</h2>
      <p class='hint'>{words().takeLead}</p>
      <div class='field'>
        <label for={fileId}>{words().file}</label>
        <input id={fileId} type='file' accept='.zip,application/zip' onChange={event => { setFile(event.currentTarget.files?.[0]) }} />
      </div>
      <Show when={session().phase !== 'ready'}>
        <div class='field'>
          <label for={passphraseId}>{words().passphrase}</label>
          <input id={passphraseId} type='password' autocomplete='current-password' aria-describedby={hintId} value={passphrase()} onInput={event => { setPassphrase(event.currentTarget.value) }} />
          <span class='hint' id={hintId}>{words().passphraseHint}</span>
        </div>
      </Show>
      <ProblemText problem={take.problem()} words={words().problems} />
      <div class='row'>
        <button type='submit' class='button' disabled={take.busy()}>{take.busy() ? working() : words().takeButton}</button>
        <Show when={take.busy()}><button type='button' class='button-quiet' onClick={() => { take.cancel() }}>{t().progress.cancel}</button></Show>
      </div>
      <Show when={take.busy()}><ProgressBar progress={take.progress()} /></Show>
      <p class='good' role='status'>{taken() == null ? '' : words().taken(taken()?.added ?? 0)}</p>
      <Show when={(taken()?.refused ?? 0) > 0}><p class='note'>{words().refused(taken()?.refused ?? 0)}</p></Show>
    </form>
  )
}
