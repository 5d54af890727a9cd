import { Match, Show, Switch } from 'solid-js'
import { PairingQuestion } from '../../parts/pairing-question.tsx'
import { SharedText } from '../../parts/shared-text.tsx'
import { useEngine } from '../../state/engine.tsx'
import { now } from '../../state/now.ts'
import { createPairing } from '../../state/pairing.ts'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

/** A link for one's home node, and what has become of it */
export function Pairing (): JSX.Element {
  const { engine, connection } = useEngine()
  const { t, format } = useSpeech()
  const { state, begin, end, confirm } = createPairing(engine)

  return (
    <section class='setting'>
      <h2>{t().settings.home}</h2>
      <p class='hint'>{t().settings.homeLead}</p>
      <Show when={connection()?.home}>
        {home => <p role='status'><span class='dot' data-light={home().state === 'connected' ? 'green' : 'red'} aria-hidden='true' /> {home().state === 'connected' ? t().settings.homeConnected : t().settings.homeOffline}</p>}
      </Show>
      <Switch>
        <Match when={state() == null}>
          <button type='button' class={connection()?.home == null ? 'button' : 'button-quiet'} onClick={begin}>{t().settings.pair}</button>
        </Match>
        <Match when={state()?.state === 'done'}>
          <p class='good' role='status'>{t().settings.pairDone}</p>
        </Match>
        <Match when={state()?.state === 'expired' || state()?.state === 'failed'}>
          <p class='problem' role='alert'>{state()?.state === 'expired' ? t().settings.pairExpired : t().settings.pairFailed} {state()?.reason}</p>
          <button type='button' class='button-quiet' onClick={begin}>{t().settings.pairAgain}</button>
        </Match>
        <Match when={state()?.state === 'confirm' ? state()?.asked : undefined}>
          {asked => <PairingQuestion asked={asked()} onAnswer={confirm} />}
        </Match>
        <Match when={state()}>
          {state => (
            <>
              <p>{t().settings.pairCommand}</p>
              <SharedText label={t().settings.pairCommandLabel} text={`npx pergola pair '${state().link}'`} code={state().link} />
              <p class='row' role='status'>
                <span class='dot' data-light='yellow' aria-hidden='true' />
                {state().state === 'connecting' ? t().settings.pairConnecting : t().settings.pairWaiting}
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
