import { Match, Show, Switch, createSignal, onCleanup } from 'solid-js'
import { useEngine } from '../../state/engine.tsx'
import { now } from '../../state/now.ts'
import { useSpeech } from '../../words/index.tsx'
import { SharedText } from './shared-text.tsx'
import type { PairingState, Unsubscribe } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

/** A link for one's home node, and what has become of it */
export function Pairing (): JSX.Element {
  const { engine, connection } = useEngine()
  const { t, format } = useSpeech()
  const [state, setState] = createSignal<PairingState>()
  let stop: Unsubscribe | undefined

  const end = (): void => {
    stop?.()
    stop = undefined
    setState(undefined)
  }
  const confirm = (same: boolean): void => {
    // when it can no longer be said, the state of the pairing says so
    engine.confirmPairing(same).catch(() => {})
  }
  const begin = (): void => {
    end()
    stop = engine.pair(setState)
  }

  onCleanup(() => stop?.())

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
          {asked => (
            <>
              <p role='status'>
                <bdi>{asked().device}</bdi>: {t().settings.pairConfirm}
              </p>
              <p class='pairing-code'>{asked().code.slice(0, 3)} {asked().code.slice(3)}</p>
              <p class='hint'>{t().settings.pairConfirmHint}</p>
              <p class='row'>
                <button type='button' class='button' onClick={() => { confirm(true) }}>{t().settings.pairSame}</button>
                <button type='button' class='button-quiet' onClick={() => { confirm(false) }}>{t().settings.pairDifferent}</button>
              </p>
            </>
          )}
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
