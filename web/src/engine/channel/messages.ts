import { EngineError } from '../contract.ts'
import type { EngineProblem, Progress } from '../contract.ts'
import type { CallName, WatchName } from './backend.ts'

/** Between all tabs: who leads, and who would like to be served */
export type Announcement =
  | { type: 'who' }
  | { type: 'leader', leader: string }
  | { type: 'hello', leader: string, tab: string }

/** From a tab to the leader, on the channel of that tab */
export type Request =
  | { type: 'call', id: number, name: CallName, args: unknown[], progress: boolean }
  | { type: 'abort', id: number }
  | { type: 'watch', id: number, name: WatchName, args: unknown[] }
  | { type: 'unwatch', id: number }

/** From the leader to a tab */
export type Reply =
  | { type: 'ready', leader: string }
  | { type: 'result', id: number, value: unknown }
  | { type: 'failure', id: number, failure: Failure }
  | { type: 'progress', id: number, progress: Progress }
  | { type: 'value', id: number, value: unknown }

/** An error as it travels */
export type Failure = { aborted: true } | { aborted: false, problem: EngineProblem }

export function toFailure (error: unknown): Failure {
  if (error instanceof Error && error.name === 'AbortError') {
    return { aborted: true }
  }

  if (error instanceof EngineError) {
    return { aborted: false, problem: error.problem }
  }

  return { aborted: false, problem: { code: 'internal', detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) } }
}

export function fromFailure (failure: Failure): Error {
  return failure.aborted ? new DOMException('Aborted', 'AbortError') : new EngineError(failure.problem)
}
