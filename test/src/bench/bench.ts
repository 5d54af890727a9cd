import type { Program, ProgramInit } from '../processes.ts'

/** What every benchmark has at hand */
export interface BenchContext {
  /** Empty at the start and removed at the end */
  work: string
  signal: AbortSignal
  /** Starts a program of ours, which is stopped at the end; its log goes to `test/out/bench-NAME` */
  start (init: Omit<ProgramInit, 'log'>): Program
  /** Does this at the end, the last thing first, also after a failure */
  later (action: () => Promise<unknown>): void
  /** Says how far it is, to the person who waits; not part of the result */
  progress (text: string): void
}

/** What was measured; a nested object is a group, so `{ ratio: { echo: 2 } }` reads `ratio.echo` */
export interface Measures { [name: string]: number | string | boolean | Measures }

/** One benchmark */
export interface Bench {
  /** What it measures, in one sentence, with units */
  title: string
  run (context: BenchContext): Promise<Measures>
}
