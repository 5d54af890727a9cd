import { Show, createSignal, createUniqueId } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { now } from '../../state/now.ts'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { devices } from '../../words/pages/devices.ts'
import { CloseDevice } from './close-device.tsx'
import type { DeviceStatus } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

/** Bytes that a name has at most, and so never more characters */
const MAX_CHARACTERS = 64

export function DeviceRow (props: { device: DeviceStatus }): JSX.Element {
  const { engine } = useEngine()
  const { format } = useSpeech()
  const words = usePageWords(devices)
  const [typed, setTyped] = createSignal<string>()
  const [closing, setClosing] = createSignal(false)
  const fieldId = createUniqueId()
  const name = (): string => props.device.name === '' ? words().nameless : props.device.name
  const told = (): string => [
    ...(props.device.current ? [words().current] : []),
    ...(props.device.home ? [words().home] : []),
    ...(props.device.current ? [] : [props.device.online ? words().online : words().offline]),
    ...(props.device.online || props.device.lastSeen == null ? [] : [words().seen(format().ago(props.device.lastSeen, now()))])
  ].join(' · ')
  const rename = createAction(async () => {
    await engine.renameDevice(props.device.id, (typed() ?? '').trim())
    setTyped(undefined)
  })

  return (
    <li>
      <span class='dot' data-light={props.device.online ? 'green' : 'red'} aria-hidden='true' />
      <div class='device-words'>
        <bdi>{name()}</bdi>
        <span class='hint'>{told()}</span>
        <Show when={typed() != null}>
          <form class='field' onSubmit={event => { event.preventDefault(); void rename.run() }}>
            <label for={fieldId}>{words().newName}</label>
            <div class='row row-field'>
              <input ref={field => { queueMicrotask(() => { field.focus() }) }} id={fieldId} type='text' maxLength={MAX_CHARACTERS} value={typed()} onInput={event => { setTyped(event.currentTarget.value) }} />
              <button type='submit' class='button-quiet' disabled={rename.busy() || typed()?.trim() === ''}>{words().save}</button>
            </div>
            <ProblemText problem={rename.problem()} words={words().problems} />
          </form>
        </Show>
        <div class='device-actions'>
          <button type='button' class='link-button' aria-expanded={typed() != null} aria-label={words().rename(name())} onClick={() => { setTyped(typed() == null ? props.device.name : undefined) }}>{words().renameShort}</button>
          <Show when={!props.device.current}>
            <button type='button' class='link-button' aria-label={words().close(name())} onClick={() => { setClosing(true) }}>{words().closeShort}</button>
          </Show>
        </div>
      </div>
      <Show when={closing()}><CloseDevice id={props.device.id} name={name()} onClose={() => { setClosing(false) }} /></Show>
    </li>
  )
}
