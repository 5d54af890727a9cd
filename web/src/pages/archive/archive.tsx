import { Show } from 'solid-js'
import { useEngine } from '../../state/engine.tsx'
import { HOME } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import { Save } from './save.tsx'
import { Take } from './take.tsx'
import type { JSX } from 'solid-js'
import '../../styles/settings.css'

/** Everything as one file, out of here and in again; where nobody has joined there is only the way in */
export function Archive (): JSX.Element {
  const { session } = useEngine()
  const { t } = useSpeech()

  return (
    <div class='page settings'>
      <h1 tabindex='-1'>{t().nav.archive}</h1>
      <Show when={session().phase === 'ready'}><Save /></Show>
      <Take />
      <Show when={session().phase === 'new'}><a class='link-button' href={HOME}>{t().restore.back}</a></Show>
    </div>
  )
}
