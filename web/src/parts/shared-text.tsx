import { Show, createSignal, createUniqueId } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import { Code } from './code.tsx'
import type { JSX } from 'solid-js'

/** A link to hand on: to copy, or to show as a code, which is shown from the start with `coded` */
export function SharedText (props: { label: string, text: string, code?: string, coded?: boolean }): JSX.Element {
  const { t } = useSpeech()
  const [copied, setCopied] = createSignal(false)
  const [coded, setCoded] = createSignal(props.coded === true)
  const id = createUniqueId()
  let field: HTMLInputElement | undefined

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text)
      setCopied(true)
    } catch {
      // the browser does not allow it: one more key, and it is copied
      field?.select()
    }
  }

  return (
    <div class='shared'>
      <div class='field'>
        <label for={id}>{props.label}</label>
        <div class='row row-field'>
          <input ref={field} id={id} class='mono' type='text' readOnly dir='ltr' value={props.text} onFocus={event => { event.currentTarget.select() }} />
          <button type='button' class='button-quiet' onClick={() => { void copy() }}>{copied() ? t().settings.copied : t().settings.copy}</button>
        </div>
      </div>
      <button type='button' class='link-button' aria-expanded={coded()} onClick={() => { setCoded(!coded()) }}>{coded() ? t().settings.hideCode : t().settings.code}</button>
      <Show when={coded()}><Code text={props.code ?? props.text} /></Show>
      <span class='visually-hidden' role='status'>{copied() ? t().settings.copied : ''}</span>
    </div>
  )
}
