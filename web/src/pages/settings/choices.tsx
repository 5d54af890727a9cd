import { For, createUniqueId } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { LANGUAGES, useSpeech } from '../../words/index.tsx'
import type { Language } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

export function DirectChoice (): JSX.Element {
  const { engine, session } = useEngine()
  const { t } = useSpeech()
  const hintId = createUniqueId()
  const choose = createAction(async (on: boolean) => { await engine.setDirect(on) })

  return (
    <section class='setting'>
      <h2>{t().settings.direct}</h2>
      <label class='switch'>
        <input
          type='checkbox'
          role='switch'
          aria-describedby={hintId}
          checked={session().direct}
          disabled={choose.busy()}
          onChange={event => { void choose.run(event.currentTarget.checked) }}
        />
        <span>{t().settings.directLabel}</span>
      </label>
      <p class='hint' id={hintId}>{t().settings.directLead}</p>
      <ProblemText problem={choose.problem()} />
    </section>
  )
}

export function LanguageChoice (): JSX.Element {
  const { t, chosen, choose } = useSpeech()
  const id = createUniqueId()

  return (
    <section class='setting'>
      <h2><label for={id}>{t().settings.languageLabel}</label></h2>
      <select id={id} onChange={event => { choose(event.currentTarget.value === '' ? undefined : event.currentTarget.value as Language) }}>
        <option value='' selected={chosen() == null}>{t().settings.languageAuto}</option>
        <For each={Object.keys(LANGUAGES) as Language[]}>{language => <option value={language} lang={language} selected={chosen() === language}>{LANGUAGES[language].name}</option>}</For>
      </select>
    </section>
  )
}
