import { Show, createSignal } from 'solid-js'
import { useEngine } from '../state/engine.tsx'
import { SETTINGS } from '../state/route.ts'
import { useSpeech } from '../words/index.tsx'
import type { JSX } from 'solid-js'

/** What one should know at the moment, said once and quietly */
export function Banners (props: { reading?: boolean, safety?: boolean }): JSX.Element {
  const { session, connection } = useEngine()
  const { t } = useSpeech()
  const [dismissed, setDismissed] = createSignal(false)

  return (
    <div class='banners' role='status'>
      <Show when={connection()?.light === 'red'}>
        <p class='banner'><span class='dot' data-light='red' aria-hidden='true' /><span>{props.reading === true ? t().banner.offlineReading : t().banner.offline}</span></p>
      </Show>
      <Show when={props.safety === true && session().unsafe && session().wordsKept !== true && !dismissed()}>
        <p class='banner'>
          <span>{t().banner.unsafe}</span>
          <span class='banner-actions'>
            <a class='banner-link' href={SETTINGS}>{t().banner.unsafeAction}</a>
            <button type='button' class='link-button' onClick={() => { setDismissed(true) }}>{t().action.dismiss}</button>
          </span>
        </p>
      </Show>
    </div>
  )
}
