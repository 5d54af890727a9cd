import { Dialog } from '../parts/dialog.tsx'
import { ProblemText } from '../parts/problem.tsx'
import { createAction } from '../state/action.ts'
import { useEngine } from '../state/engine.tsx'
import { useSpeech } from '../words/index.tsx'
import type { Post } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

export function PostRemove (props: { post: Post, onDone(): void }): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const remove = createAction(async () => {
    await engine.remove(props.post.id)
    props.onDone()
  })

  return (
    <Dialog title={t().post.removeTitle} onClose={() => { props.onDone() }}>
      <p>{t().post.removeLead}</p>
      <ProblemText problem={remove.problem()} />
      <div class='row row-end'>
        <button type='button' class='button-quiet' onClick={() => { props.onDone() }}>{t().post.cancel}</button>
        <button type='button' class='button' disabled={remove.busy()} onClick={() => { void remove.run() }}>{t().post.remove}</button>
      </div>
    </Dialog>
  )
}
