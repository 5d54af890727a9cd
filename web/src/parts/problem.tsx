import { Show } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import type { EngineProblem } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** Sentences that only one page needs, loaded with it */
export type PageProblems = Partial<Record<EngineProblem['code'], string>>

/** What went wrong, in one sentence; what to press stands with it */
export function ProblemText (props: { problem: EngineProblem | undefined, words?: PageProblems, id?: string }): JSX.Element {
  const { t } = useSpeech()

  return (
    <p class='problem' role='alert' id={props.id} hidden={props.problem == null}>
      <Show when={props.problem}>{problem => props.words?.[problem().code] ?? (t().problems as PageProblems)[problem().code] ?? t().problems.internal}</Show>
    </p>
  )
}
