import type { Step, Story, StoryContext } from './story.ts'

const DEFAULT_STEP_MS = 120_000

export interface StepResult {
  name: string
  passed: boolean
  seconds: number
  /** Why it failed */
  error?: Error
  notes: string[]
}

export interface RunOptions {
  /** Called after each step */
  onStep? (result: StepResult): void | Promise<void>
  signal?: AbortSignal
}

/** A step that did not run, because one that it needs failed */
export class StepNeededError extends Error {
  override name = 'StepNeededError'
}

/** A step that took too long */
export class StepTimeoutError extends Error {
  override name = 'StepTimeoutError'
}

async function runStep<State> (step: Step<State>, context: StoryContext, state: State, stopping?: AbortSignal): Promise<void> {
  const limit = step.timeout ?? DEFAULT_STEP_MS
  const stop = new AbortController()
  const timer = setTimeout(() => { stop.abort(new StepTimeoutError(`was not done within ${limit / 1000} s`)) }, limit)
  const signal = stopping == null ? stop.signal : AbortSignal.any([stop.signal, stopping])

  try {
    signal.throwIfAborted()
    await Promise.race([
      step.run({ ...context, signal }, state),
      new Promise<never>((resolve, reject) => {
        signal.addEventListener('abort', () => { reject(signal.reason) }, { once: true })
      })
    ])
  } finally {
    clearTimeout(timer)
  }
}

/** Plays the steps in order. One that fails does not keep those from running that do not need it. */
export async function runStory<State> (story: Story<State>, context: StoryContext, options: RunOptions = {}): Promise<StepResult[]> {
  const results: StepResult[] = []
  const failed = new Set<string>()
  const begun = await Promise.resolve(story.begin(context))

  for (const step of story.steps) {
    const missing = step.needs?.find(name => failed.has(name) || !results.some(result => result.name === name))
    const notes: string[] = []
    const start = performance.now()
    let error: Error | undefined

    try {
      if (missing != null) {
        throw new StepNeededError(`needs "${missing}"`)
      }

      await runStep(step, { ...context, note: text => { notes.push(text) } }, begun, options.signal)
    } catch (err) {
      error = err instanceof Error ? err : new Error(String(err))
      failed.add(step.name)
    }

    const result = { name: step.name, passed: error == null, seconds: (performance.now() - start) / 1000, error, notes }
    results.push(result)
    await options.onStep?.(result)
  }

  return results
}
