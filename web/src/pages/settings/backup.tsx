import { Show, createSignal, createUniqueId } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { useSpeech } from '../../words/index.tsx'
import { saveFile } from './save-file.ts'
import type { Progress } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

const SHORTEST = 8

/** One file that brings everything back */
export function Backup (): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const [first, setFirst] = createSignal('')
  const [second, setSecond] = createSignal('')
  const [refused, setRefused] = createSignal<'short' | 'differ'>()
  const [progress, setProgress] = createSignal<Progress>()
  const [done, setDone] = createSignal(false)
  const firstId = createUniqueId()
  const secondId = createUniqueId()
  const refusedId = createUniqueId()
  const backup = createAction(async () => {
    setProgress(undefined)

    const blob = await engine.backup(first(), setProgress)

    saveFile(blob, `notes-${new Date().toISOString().slice(0, 10)}.backup`)
    setFirst('')
    setSecond('')
    setDone(true)
  })
  const run = (): void => {
    setDone(false)

    if (first().length < SHORTEST) {
      setRefused('short')
    } else if (first() !== second()) {
      setRefused('differ')
    } else {
      setRefused(undefined)
      void backup.run()
    }
  }

  return (
    <form class='setting' onSubmit={event => { event.preventDefault(); run() }}>
      <h2>{t().settings.backup}</h2>
      <p class='hint'>{t().settings.backupLead}</p>
      <div class='field'>
        <label for={firstId}>{t().settings.backupPassphrase}</label>
        <input id={firstId} type='password' autocomplete='new-password' aria-describedby={refusedId} value={first()} onInput={event => { setFirst(event.currentTarget.value) }} />
      </div>
      <div class='field'>
        <label for={secondId}>{t().settings.backupAgain}</label>
        <input id={secondId} type='password' autocomplete='new-password' aria-describedby={refusedId} value={second()} onInput={event => { setSecond(event.currentTarget.value) }} />
      </div>
      <p class='problem' role='alert' id={refusedId} hidden={refused() == null}>{refused() === 'short' ? t().settings.backupShort : t().settings.backupDiffer}</p>
      <ProblemText problem={backup.problem()} />
      <button type='submit' class='button' disabled={backup.busy()}>{backup.busy() ? t().settings.backupWorking : t().settings.backupButton}</button>
      <Show when={backup.busy()}><ProgressBar progress={progress()} /></Show>
      <p class='good' role='status'>{done() ? t().settings.backupDone : ''}</p>
    </form>
  )
}
