import { For, Show, createMemo } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { now } from '../../state/now.ts'
import { SETTINGS } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import { PeopleOnline } from './people-online.tsx'
import { RelayRow } from './relay-row.tsx'
import type { JSX } from 'solid-js'
import '../../styles/connection.css'

/** How one is connected, and what can be done about it */
export function Connection (): JSX.Element {
  const { engine, connection } = useEngine()
  const { t, format } = useSpeech()
  const light = createMemo(() => connection()?.light ?? 'yellow')
  const sentence = createMemo(() => {
    const until = connection()?.relays.find(relay => relay.state === 'refused')?.until

    switch (light()) {
      case 'orange': return until == null ? t().connection.orangeOpen : t().connection.orange(format().clock(until, now()))
      case 'green': return t().connection.green
      case 'yellow': return t().connection.yellow
      default: return t().connection.red
    }
  })
  const reconnect = createAction(async () => { await engine.reconnect() })

  return (
    <div class='page'>
      <h1 tabindex='-1'>{t().connection.title}</h1>
      <p class='connection-now' role='status'><span class='dot' data-light={light()} aria-hidden='true' />{sentence()}</p>
      <button
        type='button'
        class='connection-again'
        classList={{ button: light() !== 'green', 'button-quiet': light() === 'green' }}
        disabled={reconnect.busy()}
        onClick={() => { void reconnect.run() }}
      >
        {reconnect.busy() ? t().connection.reconnecting : t().connection.reconnect}
      </button>
      <ProblemText problem={reconnect.problem()} />

      <section>
        <h2>{t().connection.relays}</h2>
        <p class='hint'>{t().connection.relaysLead}</p>
        <Show when={(connection()?.relays.length ?? 0) > 0} fallback={<p>{t().connection.noRelays}</p>}>
          <ul class='lines'><For each={connection()?.relays}>{relay => <RelayRow relay={relay} />}</For></ul>
        </Show>
      </section>

      <section>
        <h2>{t().connection.home}</h2>
        <Show when={connection()?.home} fallback={<p>{t().connection.noHome} · <a href={SETTINGS}>{t().connection.pair}</a></p>}>
          {home => (
            <ul class='lines'>
              <li>
                <span class='dot' data-light={home().state === 'connected' ? 'green' : 'red'} aria-hidden='true' />
                <bdi>{home().name}</bdi>
                <span class='lines-state'>{home().state === 'connected' ? t().connection.connected : t().connection.offline}</span>
              </li>
            </ul>
          )}
        </Show>
      </section>

      <PeopleOnline people={connection()?.people ?? []} />

      <Show when={(connection()?.relays.length ?? 0) > 0}>
        <details class='technical'>
          <summary>{t().connection.technical}</summary>
          <For each={connection()?.relays}>
            {relay => (
              <dl>
                <dt><bdi>{relay.name}</bdi></dt>
                <dd><span class='technical-what'>{t().connection.peer}</span> <code dir='ltr'>{relay.technical.peer}</code></dd>
                <dd><span class='technical-what'>{t().connection.address}</span> <code dir='ltr'>{relay.technical.address}</code></dd>
              </dl>
            )}
          </For>
        </details>
      </Show>
    </div>
  )
}
