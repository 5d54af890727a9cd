import { useEngine } from '../../state/engine.tsx'
import { ARCHIVE, DEVICES, WORDS } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

/** The way to the recovery words */
export function WordsWay (): JSX.Element {
  const { session } = useEngine()
  const { t } = useSpeech()

  return (
    <section class='setting'>
      <h2>{t().nav.words}</h2>
      <p class='hint'>{t().settings.wordsLead}</p>
      <a class={session().wordsKept === true ? 'button-quiet' : 'button'} href={WORDS}>{session().wordsKept === true ? t().settings.wordsKept : t().settings.wordsButton}</a>
    </section>
  )
}

/** The way to one's other devices */
export function DevicesWay (): JSX.Element {
  const { t } = useSpeech()

  return (
    <section class='setting'>
      <h2>{t().nav.devices}</h2>
      <p class='hint'>{t().settings.devicesLead}</p>
      <a class='button-quiet' href={DEVICES}>{t().settings.devicesButton}</a>
    </section>
  )
}

/** The way to the file with everything */
export function ArchiveWay (): JSX.Element {
  const { t } = useSpeech()

  return (
    <section class='setting'>
      <h2>{t().nav.archive}</h2>
      <p class='hint'>{t().settings.archiveLead}</p>
      <a class='button-quiet' href={ARCHIVE}>{t().settings.archiveButton}</a>
    </section>
  )
}
