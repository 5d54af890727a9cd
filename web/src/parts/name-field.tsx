import { createUniqueId } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import type { JSX } from 'solid-js'

/** The one question that is ever asked before there is a wall */
export function NameField (props: { value: string, onInput(name: string): void, describedBy?: string, autofocus?: boolean }): JSX.Element {
  const { t } = useSpeech()
  const id = createUniqueId()

  return (
    <div class='field'>
      <label for={id}>{t().firstRun.name}</label>
      <input
        id={id}
        name='nickname'
        type='text'
        autocomplete='nickname'
        autocapitalize='words'
        spellcheck={false}
        maxLength={60}
        required
        dir='auto'
        autofocus={props.autofocus}
        placeholder={t().firstRun.namePlaceholder}
        value={props.value}
        aria-describedby={props.describedBy}
        onInput={event => { props.onInput(event.currentTarget.value) }}
      />
    </div>
  )
}
