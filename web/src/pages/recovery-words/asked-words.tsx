import { For, createSignal, createUniqueId, onMount } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { recoveryWords } from '../../words/pages/recovery-words.ts'
import type { JSX } from 'solid-js'

/** No word is longer; some room for what is typed around it */
const MAX_CHARACTERS = 40

/** Some of the words said back, as a proof that the paper is right */
export function AskedWords (props: { asked: number[], onRight(): void }): JSX.Element {
  const { engine } = useEngine()
  const { format } = useSpeech()
  const words = usePageWords(recoveryWords)
  const [typed, setTyped] = createSignal<Record<number, string>>({})
  const [wrong, setWrong] = createSignal<number[]>([])
  const id = createUniqueId()
  const wrongId = createUniqueId()
  const check = createAction(async () => {
    const places = await engine.keepWords(props.asked.map(place => ({ place, word: typed()[place] ?? '' })))

    setWrong(places)

    if (places.length === 0) {
      props.onRight()
    } else {
      form?.querySelector<HTMLInputElement>(`#${id}-${places[0]}`)?.focus()
    }
  })
  let form: HTMLFormElement | undefined

  onMount(() => form?.querySelector('input')?.focus())

  return (
    <form ref={form} class='setting-form' noValidate autocomplete='off' onSubmit={event => { event.preventDefault(); void check.run() }}>
      <h2>{words().askTitle}</h2>
      <p class='hint'>{words().askLead}</p>
      <For each={props.asked}>
        {place => (
          <div class='field'>
            <label for={`${id}-${place}`}>{words().word(place)}</label>
            <input
              id={`${id}-${place}`}
              type='text'
              lang='en'
              dir='ltr'
              autocomplete='off'
              autocapitalize='none'
              spellcheck={false}
              maxLength={MAX_CHARACTERS}
              aria-invalid={wrong().includes(place)}
              aria-describedby={wrongId}
              onInput={event => { setTyped({ ...typed(), [place]: event.currentTarget.value }) }}
            />
          </div>
        )}
      </For>
      <p class='problem' role='alert' id={wrongId} hidden={wrong().length === 0}>{words().wrong(wrong().map(place => format().number(place)).join(', '))}</p>
      <ProblemText problem={check.problem()} />
      <button type='submit' class='button' disabled={check.busy()}>{words().check}</button>
    </form>
  )
}
