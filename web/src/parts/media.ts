import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { Engine, MediaKey, Progress } from '../engine/contract.ts'
import type { Accessor } from 'solid-js'

/** A file of the mesh as an address that an `<img>` takes */
export interface Media {
  url: Accessor<string | undefined>
  failed: Accessor<boolean>
  progress: Accessor<Progress | undefined>
  retry (): void
}

/** Fetches what the key names, again when it changes; stops and frees the bytes with its owner */
export function createMedia (engine: Engine, key: Accessor<MediaKey | undefined>): Media {
  const [url, setUrl] = createSignal<string>()
  const [failed, setFailed] = createSignal(false)
  const [progress, setProgress] = createSignal<Progress>()
  const [attempt, setAttempt] = createSignal(0)

  createEffect(on([() => key()?.cid, attempt], () => {
    const wanted = key()

    if (wanted == null) {
      return
    }

    const controller = new AbortController()
    let made: string | undefined

    onCleanup(() => {
      controller.abort()
      setUrl(undefined)

      if (made != null) {
        URL.revokeObjectURL(made)
      }
    })

    setFailed(false)
    setProgress(undefined)
    engine.media(wanted, { signal: controller.signal, onProgress: setProgress }).then(blob => {
      if (!controller.signal.aborted) {
        made = URL.createObjectURL(blob)
        setUrl(made)
      }
    }, () => {
      if (!controller.signal.aborted) {
        setFailed(true)
      }
    })
  }))

  return { url, failed, progress, retry: () => { setAttempt(n => n + 1) } }
}
