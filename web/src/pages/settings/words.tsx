import { useEngine } from '../../state/engine.tsx'
import { WORDS } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

/** The way to the recovery words */
export function Words (): JSX.Element {
  const { session } = useEngine()
  const { t } = useSpeech()

  return (
    <section class='setting'>
      <h2>{t().settings.words}</h2>
      <p class='hint'>{t().settings.wordsLead}</p>
      <a class={session().wordsKept === true ? 'button-quiet' : 'button'} href={WORDS}>{session().wordsKept === true ? t().settings.wordsKept : t().settings.wordsButton}</a>
    </section>
  )
}
