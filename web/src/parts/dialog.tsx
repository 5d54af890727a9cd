import { createUniqueId, onCleanup, onMount } from 'solid-js'
import type { JSX } from 'solid-js'

/** A question over the page. Mounted, it is open; Escape and a click beside it close it. The focus goes back to where it was */
export function Dialog (props: { title: string, onClose(): void, children: JSX.Element }): JSX.Element {
  const titleId = createUniqueId()
  let dialog: HTMLDialogElement | undefined

  onMount(() => dialog?.showModal())
  onCleanup(() => dialog?.close())

  return (
    <dialog
      ref={dialog}
      class='dialog'
      aria-labelledby={titleId}
      onClose={() => { props.onClose() }}
      onClick={event => { if (event.target === dialog) { dialog?.close() } }}
    >
      <div class='dialog-body'>
        <h2 id={titleId}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  )
}
