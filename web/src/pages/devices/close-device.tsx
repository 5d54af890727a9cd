import { Show, createSignal, createUniqueId } from 'solid-js'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { usePageWords } from '../../words/index.tsx'
import { devices } from '../../words/pages/devices.ts'
import type { JSX } from 'solid-js'

/** Asked once; the recovery words only where there is no other way */
export function CloseDevice (props: { id: string, name: string, onClose(): void }): JSX.Element {
  const { engine } = useEngine()
  const words = usePageWords(devices)
  const [typed, setTyped] = createSignal<string>()
  const fieldId = createUniqueId()
  const hintId = createUniqueId()
  const close = createAction(async () => {
    await engine.closeDevice(props.id, typed())
    props.onClose()
  })
  const run = async (): Promise<void> => {
    await close.run()

    if (close.problem()?.code === 'no-root' && typed() == null) {
      setTyped('')
    }
  }

  return (
    <Dialog title={words().closeTitle} onClose={() => { props.onClose() }}>
      <p>{words().closeLead(props.name)}</p>
      <Show when={typed() != null}>
        <div class='field'>
          <label for={fieldId}>{words().words}</label>
          <textarea id={fieldId} rows='3' lang='en' dir='ltr' autocomplete='off' autocapitalize='none' spellcheck={false} aria-describedby={hintId} onInput={event => { setTyped(event.currentTarget.value) }} />
          <span class='hint' id={hintId}>{words().wordsHint}</span>
        </div>
      </Show>
      <ProblemText problem={close.problem()} words={words().problems} />
      <div class='row'>
        <button type='button' class='button' disabled={close.busy()} onClick={() => { void run() }}>{close.busy() ? words().closing : words().closeButton}</button>
        <button type='button' class='button-quiet' onClick={() => { props.onClose() }}>{words().cancel}</button>
      </div>
    </Dialog>
  )
}
