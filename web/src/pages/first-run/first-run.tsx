import { Show, createSignal, lazy } from 'solid-js'
import { LanguageSwitch } from '../../parts/language-switch.tsx'
import { NameField } from '../../parts/name-field.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { useEngine } from '../../state/engine.tsx'
import { createJoin } from '../../state/join.ts'
import { ARCHIVE, HOME, LINK, navigate } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import { DemoWall } from './demo-wall.tsx'
import type { JSX } from 'solid-js'
import '../../styles/first-run.css'

const Restore = lazy(async () => ({ default: (await import('./restore.tsx')).Restore }))

/** A small wall that shows itself, one field, one button */
export function FirstRun (): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const [restoring, setRestoring] = createSignal(false)
  const join = createJoin(engine, () => { navigate(HOME, { replace: true }) })

  return (
    <Show when={!restoring()} fallback={<Restore onBack={() => { setRestoring(false) }} />}>
      <div class='first-run'>
        <div class='first-run-words'>
          <h1 tabindex='-1'>{t().firstRun.title}</h1>
          <p class='lead'>{t().firstRun.lead}</p>
          <form noValidate onSubmit={event => { event.preventDefault(); void join.run() }}>
            <NameField value={join.name()} onInput={name => { join.setName(name) }} autofocus />
            <button type='submit' class='button button-large' disabled={join.busy()}>{join.busy() ? t().firstRun.joining : t().firstRun.join}</button>
            <ProblemText problem={join.problem()} />
          </form>
          <p class='first-run-aside'>
            <button type='button' class='link-button' onClick={() => { setRestoring(true) }}>{t().firstRun.restore}</button>
            <a class='link-button' href={LINK}>{t().firstRun.link}</a>
            <a class='link-button' href={ARCHIVE}>{t().firstRun.archive}</a>
            <LanguageSwitch />
          </p>
        </div>
        <DemoWall name={join.name()} />
      </div>
    </Show>
  )
}
