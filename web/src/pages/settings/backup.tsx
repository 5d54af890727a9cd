import { Show, createSignal } from 'solid-js'
import { NewPassphraseFields, createNewPassphrase } from '../../parts/new-passphrase.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { saveFile } from '../../parts/save-file.ts'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { useSpeech } from '../../words/index.tsx'
import type { Progress } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

/** One file that brings everything back */
export function Backup (): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const passphrase = createNewPassphrase()
  const [progress, setProgress] = createSignal<Progress>()
  const [done, setDone] = createSignal(false)
  const backup = createAction(async (typed: string) => {
    setProgress(undefined)

    const blob = await engine.backup(typed, setProgress)

    saveFile(blob, `notes-${new Date().toISOString().slice(0, 10)}.backup`)
    passphrase.clear()
    setDone(true)
  })
  const run = (): void => {
    const typed = passphrase.take()

    setDone(false)

    if (typed != null) {
      void backup.run(typed)
    }
  }

  return (
    <form class='setting' onSubmit={event => { event.preventDefault(); run() }}>
      <h2>{t().settings.backup}</h2>
      <p class='hint'>{t().settings.backupLead}</p>
      <NewPassphraseFields passphrase={passphrase} />
      <ProblemText problem={backup.problem()} />
      <button type='submit' class='button' disabled={backup.busy()}>{backup.busy() ? t().settings.backupWorking : t().settings.backupButton}</button>
      <Show when={backup.busy()}><ProgressBar progress={progress()} /></Show>
      <p class='good' role='status'>{done() ? t().settings.backupDone : ''}</p>
    </form>
  )
}
