import { Show, createSignal } from 'solid-js'
import { GrowingText } from '../parts/growing-text.tsx'
import { ProblemText } from '../parts/problem.tsx'
import { createAction } from '../state/action.ts'
import { useEngine } from '../state/engine.tsx'
import { useSpeech } from '../words/index.tsx'
import type { Post } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** Changing text and warning of a post where it stands */
export function PostEdit (props: { post: Post, onDone(): void }): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const [text, setText] = createSignal(props.post.text)
  const [warning, setWarning] = createSignal(props.post.warning ?? '')
  const save = createAction(async () => {
    await engine.edit(props.post.id, { text: text(), ...(warning().trim() === '' ? {} : { warning: warning().trim() }) })
    props.onDone()
  })
  const run = (): void => { void save.run() }

  return (
    <form class='post-edit' onSubmit={event => { event.preventDefault(); run() }}>
      <Show when={props.post.warning != null}>
        <input type='text' dir='auto' aria-label={t().post.warning} value={warning()} onInput={event => { setWarning(event.currentTarget.value) }} />
      </Show>
      <GrowingText label={t().post.editLabel} value={text()} autofocus onInput={setText} onSend={run} />
      <ProblemText problem={save.problem()} />
      <div class='row row-end'>
        <button type='button' class='button-quiet' onClick={() => { props.onDone() }}>{t().post.cancel}</button>
        <button type='submit' class='button' disabled={save.busy()}>{save.busy() ? t().post.saving : t().post.save}</button>
      </div>
    </form>
  )
}
