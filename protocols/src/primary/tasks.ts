/** Work that is done while this device is primary. Rules: specs/primary.md [PR27], [PR28]. */
import { TASK_RETRY_MS } from './constants.ts'

/**
 * Does what the primary does until the signal fires or nothing is left to do. Another device may do the same at the same time, or have
 * done it before: it must come to the same, as an act with an id that follows from what it is about does (`actId`).
 */
export type PrimaryTask = (signal: AbortSignal) => void | Promise<void>

export interface TasksInit {
  /** Runs something later, once; what it returns cancels it */
  timer (run: () => void, ms: number): () => void
  /** A task failed, and is begun again later */
  failed (error: Error): void
}

interface Work {
  task: PrimaryTask
  /** Ends the run that was begun last; absent while it need not run */
  run?: AbortController
  /** The run that was begun last, over or not */
  over: Promise<void>
  cancelRetry? (): void
}

export class PrimaryTasks {
  readonly #init: TasksInit
  readonly #work = new Set<Work>()
  #isOn = false

  constructor (init: TasksInit) {
    this.#init = init
  }

  /** @returns ends the task and forgets it */
  add (task: PrimaryTask): () => void {
    const work: Work = { task, over: Promise.resolve() }

    this.#work.add(work)

    if (this.#isOn) {
      this.#begin(work)
    }

    return () => {
      this.#work.delete(work)
      this.#end(work)
    }
  }

  /** This device is primary from now on, or no longer */
  set (isOn: boolean): void {
    if (this.#isOn === isOn) {
      return
    }

    this.#isOn = isOn
    this.#work.forEach(work => { isOn ? this.#begin(work) : this.#end(work) })
  }

  /** Resolves once nothing runs any more, of what was told to end */
  async ended (): Promise<void> {
    await Promise.all([...this.#work].map(async ({ over }) => over))
  }

  #begin (work: Work): void {
    const run = new AbortController()
    const before = work.over

    work.run = run
    work.over = (async () => {
      await before

      if (run.signal.aborted) {
        return
      }

      try {
        await work.task(run.signal)
      } catch (err) {
        this.#fail(work, run, err)
      }
    })()
  }

  #fail (work: Work, run: AbortController, err: unknown): void {
    // whatever a task that was told to end does then is its way to end
    if (run.signal.aborted) {
      return
    }

    work.cancelRetry = this.#init.timer(() => { this.#begin(work) }, TASK_RETRY_MS)
    this.#init.failed(err instanceof Error ? err : new Error('Work of the primary failed', { cause: err }))
  }

  #end (work: Work): void {
    work.cancelRetry?.()
    work.cancelRetry = undefined
    work.run?.abort()
    work.run = undefined
  }
}
