import { useSpeech } from '../words/index.tsx'
import type { PairingState } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** A code to compare with the one on another device */
export function PairingQuestion (props: { asked: NonNullable<PairingState['asked']>, onAnswer(same: boolean): void }): JSX.Element {
  const { t } = useSpeech()

  return (
    <>
      <p role='status'>
        <bdi>{props.asked.device}</bdi>: {t().settings.pairConfirm}
      </p>
      <p class='pairing-code'>{props.asked.code.slice(0, 3)} {props.asked.code.slice(3)}</p>
      <p class='hint'>{t().settings.pairConfirmHint}</p>
      <p class='row'>
        <button type='button' class='button' onClick={() => { props.onAnswer(true) }}>{t().settings.pairSame}</button>
        <button type='button' class='button-quiet' onClick={() => { props.onAnswer(false) }}>{t().settings.pairDifferent}</button>
      </p>
    </>
  )
}
