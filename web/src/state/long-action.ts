import { createSignal, onCleanup } from 'solid-js'
import { createAction } from './action.ts'
import type { Action } from './action.ts'
import type { LongOptions, Progress } from '../engine/contract.ts'
import type { Accessor } from 'solid-js'

/** An action that says how far it is, and can be given up; it is when its page is left */
export interface LongAction<Args extends unknown[]> extends Action<Args, void> {
  progress: Accessor<Progress | undefined>
  cancel (): void
}

export function createLongAction<Args extends unknown[]> (start: (options: LongOptions, ...args: Args) => Promise<void>): LongAction<Args> {
  const [progress, setProgress] = createSignal<Progress>()
  let controller: AbortController | undefined
  const cancel = (): void => { controller?.abort() }
  const action = createAction(async (...args: Args) => {
    const { signal } = controller = new AbortController()

    setProgress(undefined)

    try {
      await start({ signal, onProgress: setProgress }, ...args)
    } catch (error) {
      if (!signal.aborted) {
        throw error
      }
    }
  })

  onCleanup(cancel)

  return { ...action, progress, cancel }
}
