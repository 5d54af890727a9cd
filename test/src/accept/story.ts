import type { Browser, BrowserInit } from '../chromium.ts'
import type { Program, ProgramInit } from '../processes.ts'

/** What every story has at hand. Programs and browsers that it starts here are stopped when the story is over. */
export interface StoryContext {
  /** Empty at the start: screenshots, and logs of the programs; `test/out/NAME` */
  out: string
  /** Empty at the start and removed at the end: homes of the programs and browsers */
  work: string
  /** Aborted when the step that runs took too long, and when the story is stopped */
  signal: AbortSignal
  /** Starts a program of ours; its log is kept under `out` */
  start (init: Omit<ProgramInit, 'log'>): Program
  /** Opens a browser; one name is one profile: closed and opened again it is the same */
  open (name: string, init?: Omit<BrowserInit, 'folder'>): Promise<Browser>
  /** Does this at the end, the last thing first, also after a failure */
  later (action: () => Promise<unknown>): void
  /** Writes a line under the step in the table: a number that was measured, for instance */
  note (text: string): void
}

/** One thing that must hold */
export interface Step<State> {
  /** A sentence, said once in a story */
  name: string
  /** Names of earlier steps without which this one makes no sense: when one of them fails, so does this one, at once */
  needs?: string[]
  /** Milliseconds; @default 120,000 */
  timeout?: number
  run (context: StoryContext, state: State): Promise<void>
}

/** A story is played step by step, in order, by real programs and browsers. `State` is what one step leaves for later ones. */
export interface Story<State = object> {
  /** What it shows, in one sentence */
  title: string
  begin (context: StoryContext): Promise<State> | State
  steps: Array<Step<State>>
}
