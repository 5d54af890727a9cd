import { createMemo } from 'solid-js'
import { useEngine } from '../state/engine.tsx'
import { CONNECTION } from '../state/route.ts'
import { useSpeech } from '../words/index.tsx'
import type { JSX } from 'solid-js'

/** The small light: nearly always green, and a word when it is not */
export function Light (): JSX.Element {
  const { connection } = useEngine()
  const { t } = useSpeech()
  const light = createMemo(() => connection()?.light ?? 'yellow')

  return (
    <a class='light' href={CONNECTION} data-light={light()} aria-label={t().light.button(t().light[light()])} title={t().light[light()]}>
      <span class='dot' data-light={light()} aria-hidden='true' />
      <span class='light-word' aria-hidden='true'>{t().light[light()]}</span>
    </a>
  )
}
