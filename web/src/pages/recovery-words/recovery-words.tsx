import { Match, Show, Switch, createSignal } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { recoveryWords } from '../../words/pages/recovery-words.ts'
import { AskedWords } from './asked-words.tsx'
import { WordGrid } from './word-grid.tsx'
import type { JSX } from 'solid-js'
import '../../styles/settings.css'
import '../../styles/recovery-words.css'

/** What is on the screen: nothing yet, the words themselves, or the question for some of them */
type Step =
  | { step: 'closed' }
  | { step: 'shown', words: string[], asked: number[] }
  | { step: 'asked', asked: number[] }
  | { step: 'done' }

/** Twelve words for paper: shown when asked for, and gone from the page before some of them are asked back */
export function RecoveryWords (): JSX.Element {
  const { engine, session } = useEngine()
  const { t } = useSpeech()
  const words = usePageWords(recoveryWords)
  const [now, setNow] = createSignal<Step>({ step: 'closed' })
  const show = createAction(async () => { setNow({ step: 'shown', ...await engine.recoveryWords() }) })
  const at = <Name extends Step['step']>(step: Name): Extract<Step, { step: Name }> | undefined => {
    const current = now()

    return current.step === step ? current as Extract<Step, { step: Name }> : undefined
  }

  return (
    <div class='page settings'>
      <h1 tabindex='-1'>{t().nav.words}</h1>
      <section class='setting'>
        <Switch>
          <Match when={at('closed')}>
            <p>{words().lead}</p>
            <p class='note'>{words().warning}</p>
            <Show when={session().wordsKept}><p class='good'>{words().kept}</p></Show>
            <button type='button' class={session().wordsKept === true ? 'button-quiet' : 'button'} disabled={show.busy()} onClick={() => { void show.run() }}>{words().show}</button>
            <ProblemText problem={show.problem()} />
          </Match>
          <Match when={at('shown')}>
            {shown => (
              <>
                <p class='note'>{words().warning}</p>
                <WordGrid label={words().list} words={shown().words} />
                <button type='button' class='button' onClick={() => { setNow({ step: 'asked', asked: shown().asked }) }}>{words().written}</button>
              </>
            )}
          </Match>
          <Match when={at('asked')}>
            {asked => (
              <>
                <AskedWords asked={asked().asked} onRight={() => { setNow({ step: 'done' }) }} />
                <button type='button' class='link-button' disabled={show.busy()} onClick={() => { void show.run() }}>{words().again}</button>
                <ProblemText problem={show.problem()} />
              </>
            )}
          </Match>
          <Match when={at('done')}>
            <p class='good' role='status'>{words().done}</p>
          </Match>
        </Switch>
      </section>
    </div>
  )
}
