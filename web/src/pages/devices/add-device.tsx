import { Match, Switch } from 'solid-js'
import { PairingQuestion } from '../../parts/pairing-question.tsx'
import { SharedText } from '../../parts/shared-text.tsx'
import { useEngine } from '../../state/engine.tsx'
import { now } from '../../state/now.ts'
import { createPairing } from '../../state/pairing.ts'
import { linkAddress } from '../../state/route.ts'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { devices } from '../../words/pages/devices.ts'
import type { JSX } from 'solid-js'

/** A link that opens this page on another device and makes it one of one's own, once both show the same code */
export function AddDevice (): JSX.Element {
  const { engine } = useEngine()
  const { t, format } = useSpeech()
  const words = usePageWords(devices)
  const { state, begin, end, confirm } = createPairing(engine)

  return (
    <section class='setting'>
      <h2>{words().add}</h2>
      <Switch>
        <Match when={state() == null}>
          <p class='hint'>{words().addLead}</p>
          <button type='button' class='button' onClick={begin}>{words().addButton}</button>
        </Match>
        <Match when={state()?.state === 'done'}>
          <p class='good' role='status'>{words().addDone}</p>
          <button type='button' class='button-quiet' onClick={begin}>{words().add}</button>
        </Match>
        <Match when={state()?.state === 'expired' || state()?.state === 'failed'}>
          <p class='problem' role='alert'>{state()?.state === 'expired' ? t().settings.pairExpired : t().settings.pairFailed}</p>
          <button type='button' class='button-quiet' onClick={begin}>{t().settings.pairAgain}</button>
        </Match>
        <Match when={state()?.state === 'confirm' ? state()?.asked : undefined}>
          {asked => <PairingQuestion asked={asked()} onAnswer={confirm} />}
        </Match>
        <Match when={state()}>
          {state => (
            <>
              <p class='hint'>{words().addLead} {words().addWarning}</p>
              <SharedText label={words().addLabel} text={linkAddress(state().link)} coded />
              <p class='row' role='status'>
                <span class='dot' data-light='yellow' aria-hidden='true' />
                {state().state === 'connecting' ? words().addConnecting : words().addWaiting}
                <span class='hint'>{t().settings.pairUntil(format().clock(state().expires, now()))}</span>
              </p>
              <button type='button' class='link-button' onClick={end}>{t().settings.pairStop}</button>
            </>
          )}
        </Match>
      </Switch>
    </section>
  )
}
