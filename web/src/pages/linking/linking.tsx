import { Match, Show, Switch, createSignal, createUniqueId, onCleanup, onMount } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { useEngine } from '../../state/engine.tsx'
import { HOME, navigate } from '../../state/route.ts'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { devices } from '../../words/pages/devices.ts'
import { kindOfDevice } from './kind-of-device.ts'
import type { LinkingState, Unsubscribe } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'
import '../../styles/settings.css'

/** Bytes that a name has at most */
const MAX_NAME_BYTES = 64

/** This device becomes one of somebody's who has others: with the link that one of them shows */
export function Linking (props: { text: string }): JSX.Element {
  const { engine, session } = useEngine()
  const { t } = useSpeech()
  const words = usePageWords(devices)
  const [pasted, setPasted] = createSignal('')
  const [name, setName] = createSignal(words()[kindOfDevice(navigator.userAgent)])
  const [state, setState] = createSignal<LinkingState>()
  const fieldId = createUniqueId()
  const nameId = createUniqueId()
  let stop: Unsubscribe | undefined
  let title: HTMLHeadingElement | undefined

  const end = (): void => {
    stop?.()
    stop = undefined
    setState(undefined)
  }
  const begin = (): void => {
    end()
    stop = engine.link({ text: props.text === '' ? pasted() : props.text, name: name().trim() }, next => {
      setState(next)

      if (next.state === 'done') {
        navigate(HOME, { replace: true })
      }
    })
  }
  const isNameGood = (): boolean => name().trim() !== '' && new TextEncoder().encode(name().trim()).length <= MAX_NAME_BYTES
  const asks = (): boolean => state() == null || state()?.state === 'failed'

  onMount(() => title?.focus())
  onCleanup(() => stop?.())

  return (
    <div class='page settings'>
      <h1 ref={title} tabindex='-1'>{words().linkTitle}</h1>
      <section class='setting'>
        <Switch>
          <Match when={asks() && session().phase === 'ready'}>
            <p class='problem' role='alert'>{words().linkTaken}</p>
            <a class='button-quiet' href={HOME}>{t().nav.home}</a>
          </Match>
          <Match when={asks()}>
            <form class='setting-form' noValidate onSubmit={event => { event.preventDefault(); begin() }}>
              <Show when={props.text === ''}>
                <p class='hint'>{words().linkLead}</p>
                <div class='field'>
                  <label for={fieldId}>{words().linkField}</label>
                  <input id={fieldId} class='mono' type='text' dir='ltr' autocomplete='off' value={pasted()} onInput={event => { setPasted(event.currentTarget.value) }} />
                </div>
              </Show>
              <div class='field'>
                <label for={nameId}>{words().linkName}</label>
                <input id={nameId} type='text' autocomplete='off' value={name()} onInput={event => { setName(event.currentTarget.value) }} />
              </div>
              <ProblemText problem={state()?.problem} words={words().problems} />
              <div class='row'>
                <button type='submit' class='button' disabled={!isNameGood()}>{words().linkButton}</button>
                <a class='link-button' href={HOME}>{t().restore.back}</a>
              </div>
            </form>
          </Match>
          <Match when={state()?.state === 'confirm' && session().phase !== 'ready' ? state()?.code : undefined}>
            {code => (
              <>
                <p role='status'>{words().linkCode}</p>
                <p class='pairing-code'>{code().slice(0, 3)} {code().slice(3)}</p>
                <button type='button' class='link-button' onClick={end}>{words().linkStop}</button>
              </>
            )}
          </Match>
          <Match when={session().phase === 'ready'}>
            <p role='status'>{words().linkArriving}</p>
            <ProgressBar progress={state()?.progress} />
          </Match>
          <Match when={state()}>
            <p role='status'>{words().linkConnecting}</p>
            <button type='button' class='link-button' onClick={end}>{words().linkStop}</button>
          </Match>
        </Switch>
      </section>
    </div>
  )
}
