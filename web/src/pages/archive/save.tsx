import { Show, createSignal, createUniqueId } from 'solid-js'
import { NewPassphraseFields, createNewPassphrase } from '../../parts/new-passphrase.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { saveFile } from '../../parts/save-file.ts'
import { useEngine } from '../../state/engine.tsx'
import { createLongAction } from '../../state/long-action.ts'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { archive } from '../../words/pages/archive.ts'
import type { SavedArchive } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

export function Save (): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const words = usePageWords(archive)
  const passphrase = createNewPassphrase()
  const [follows, setFollows] = createSignal(false)
  const [keys, setKeys] = createSignal(false)
  const [saved, setSaved] = createSignal<Omit<SavedArchive, 'file'>>()
  const followsId = createUniqueId()
  const keysId = createUniqueId()
  const save = createLongAction(async (options, typed: string | undefined) => {
    const { file, ...told } = await engine.saveArchive({ follows: follows(), ...(typed == null ? {} : { passphrase: typed }) }, options)

    saveFile(file, `notes-${new Date().toISOString().slice(0, 10)}.zip`)
    passphrase.clear()
    setSaved(told)
  })
  const run = (): void => {
    const typed = keys() ? passphrase.take() : undefined

    setSaved(undefined)

    if (!keys() || typed != null) {
      void save.run(typed)
    }
  }

  return (
    <form class='setting' noValidate onSubmit={event => { event.preventDefault(); run() }}>
      <h2>{words().save}</h2>
      <p class='hint'>{words().saveLead}</p>
      <label class='switch'>
        <input type='checkbox' role='switch' aria-describedby={followsId} checked={follows()} onChange={event => { setFollows(event.currentTarget.checked) }} />
        <span>{words().follows}</span>
      </label>
      <p class='hint' id={followsId}>{words().followsHint}</p>
      <label class='switch'>
        <input type='checkbox' role='switch' aria-describedby={keysId} checked={keys()} onChange={event => { setKeys(event.currentTarget.checked) }} />
        <span>{words().keys}</span>
      </label>
      <p class='hint' id={keysId}>{words().keysHint}</p>
      <Show when={keys()}><NewPassphraseFields passphrase={passphrase} /></Show>
      <ProblemText problem={save.problem()} words={words().problems} />
      <div class='row'>
        <button type='submit' class='button' disabled={save.busy()}>{save.busy() ? words().saving : words().saveButton}</button>
        <Show when={save.busy()}><button type='button' class='button-quiet' onClick={() => { save.cancel() }}>{t().progress.cancel}</button></Show>
      </div>
      <Show when={save.busy()}><ProgressBar progress={save.progress()} /></Show>
      <p class='good' role='status'>{saved() == null ? '' : words().saved(saved()?.posts ?? 0)}</p>
      <Show when={(saved()?.missing ?? 0) > 0}><p class='note'>{words().missing(saved()?.missing ?? 0)}</p></Show>
    </form>
  )
}
