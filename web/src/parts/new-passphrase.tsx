import { createSignal, createUniqueId } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import type { Accessor, JSX } from 'solid-js'

/** Characters */
const SHORTEST = 8

export interface NewPassphrase {
  first: Accessor<string>
  second: Accessor<string>
  setFirst (text: string): void
  setSecond (text: string): void
  /** Why it was not taken */
  refused: Accessor<'short' | 'differ' | undefined>
  /** What was typed, if it will do; otherwise `refused` says why not */
  take (): string | undefined
  clear (): void
}

export function createNewPassphrase (): NewPassphrase {
  const [first, setFirst] = createSignal('')
  const [second, setSecond] = createSignal('')
  const [refused, setRefused] = createSignal<'short' | 'differ'>()
  const reason = (): 'short' | 'differ' | undefined => {
    if (first().length < SHORTEST) {
      return 'short'
    }

    return first() === second() ? undefined : 'differ'
  }

  return {
    first,
    second,
    setFirst,
    setSecond,
    refused,
    take: () => setRefused(reason()) == null ? first() : undefined,
    clear () {
      setFirst('')
      setSecond('')
    }
  }
}

/** Typed twice, since nobody sees what it is */
export function NewPassphraseFields (props: { passphrase: NewPassphrase }): JSX.Element {
  const { t } = useSpeech()
  const firstId = createUniqueId()
  const secondId = createUniqueId()
  const refusedId = createUniqueId()

  return (
    <>
      <div class='field'>
        <label for={firstId}>{t().settings.backupPassphrase}</label>
        <input id={firstId} type='password' autocomplete='new-password' aria-describedby={refusedId} value={props.passphrase.first()} onInput={event => { props.passphrase.setFirst(event.currentTarget.value) }} />
      </div>
      <div class='field'>
        <label for={secondId}>{t().settings.backupAgain}</label>
        <input id={secondId} type='password' autocomplete='new-password' aria-describedby={refusedId} value={props.passphrase.second()} onInput={event => { props.passphrase.setSecond(event.currentTarget.value) }} />
      </div>
      <p class='problem' role='alert' id={refusedId} hidden={props.passphrase.refused() == null}>{props.passphrase.refused() === 'short' ? t().settings.backupShort : t().settings.backupDiffer}</p>
    </>
  )
}
