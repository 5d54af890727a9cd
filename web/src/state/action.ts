import { createSignal } from 'solid-js'
import type { EngineProblem } from '../engine/contract.ts'
import type { Accessor } from 'solid-js'

/** Something that a button starts */
export interface Action<Args extends unknown[], Result> {
  busy: Accessor<boolean>
  /** Why the last run failed */
  problem: Accessor<EngineProblem | undefined>
  /** Does nothing while it is busy. Never rejects: resolves with undefined when it failed */
  run (...args: Args): Promise<Result | undefined>
  forget (): void
}

export function createAction<Args extends unknown[], Result> (start: (...args: Args) => Promise<Result>): Action<Args, Result> {
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<EngineProblem>()

  return {
    busy,
    problem,
    forget: () => setProblem(undefined),
    async run (...args) {
      if (busy()) {
        return
      }

      setBusy(true)
      setProblem(undefined)

      try {
        return await start(...args)
      } catch (error) {
        setProblem(problemOf(error))
      } finally {
        setBusy(false)
      }
    }
  }
}

/** What to tell the person about anything that was thrown */
export function problemOf (error: unknown): EngineProblem {
  if (error instanceof Error && 'problem' in error && isProblem(error.problem)) {
    return error.problem
  }

  return { code: 'internal', detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
}

function isProblem (value: unknown): value is EngineProblem {
  return value != null && typeof value === 'object' && 'code' in value && typeof value.code === 'string'
}
