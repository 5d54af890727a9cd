import { For } from 'solid-js'
import { LANGUAGES, useSpeech } from '../words/index.tsx'
import type { Language } from '../words/index.tsx'
import type { JSX } from 'solid-js'

/** The languages by their own names, for the page where nothing else can be set yet */
export function LanguageSwitch (): JSX.Element {
  const { language, choose, t } = useSpeech()
  const others = (): Language[] => (Object.keys(LANGUAGES) as Language[]).filter(other => other !== language())

  return (
    <span class='language-switch' role='group' aria-label={t().settings.language}>
      <For each={others()}>{other => <button type='button' class='link-button' lang={other} onClick={() => { choose(other) }}>{LANGUAGES[other].name}</button>}</For>
    </span>
  )
}
