import { createEffect, onMount } from 'solid-js'
import type { JSX } from 'solid-js'

export interface GrowingTextProps {
  label: string
  value: string
  placeholder?: string
  autofocus?: boolean
  readOnly?: boolean
  describedBy?: string
  onInput(text: string): void
  /** Ctrl or Cmd with Enter; never while an input method composes */
  onSend?(): void
  onFiles?(files: File[]): void
}

/** A text field as high as what stands in it */
export function GrowingText (props: GrowingTextProps): JSX.Element {
  let area: HTMLTextAreaElement | undefined

  const fit = (): void => {
    if (area != null && !CSS.supports('field-sizing', 'content')) {
      area.style.setProperty('height', 'auto')
      area.style.setProperty('height', `${area.scrollHeight}px`)
    }
  }

  createEffect(() => {
    // the browser's own caret stays where it is unless the text comes from elsewhere
    if (area != null && area.value !== props.value) {
      area.value = props.value
    }

    fit()
  })

  onMount(() => {
    if (props.autofocus === true) {
      area?.focus()
      area?.setSelectionRange(area.value.length, area.value.length)
    }
  })

  return (
    <textarea
      ref={area}
      class='growing'
      rows='1'
      dir='auto'
      aria-label={props.label}
      aria-describedby={props.describedBy}
      placeholder={props.placeholder}
      readOnly={props.readOnly}
      onInput={event => { props.onInput(event.currentTarget.value) }}
      onKeyDown={event => {
        // 229: the key belongs to an input method although the browser says it does not compose
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing && event.keyCode !== 229) {
          event.preventDefault()
          props.onSend?.()
        }
      }}
      onPaste={event => {
        const files = [...event.clipboardData?.files ?? []]

        if (files.length > 0 && props.onFiles != null) {
          event.preventDefault()
          props.onFiles(files)
        }
      }}
    />
  )
}
