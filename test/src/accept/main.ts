/** `npm run accept -- NAME [--json]`: plays a story and says for each step whether it held. */

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { NoChromiumError, findChromium } from '../find-chromium.ts'
import { UnknownNameError, loadModule } from '../named-modules.ts'
import { StepNeededError, runStory } from './run-story.ts'
import { createStage } from './stage.ts'
import type { StepResult } from './run-story.ts'
import type { Story } from './story.ts'

const FOLDER = join(import.meta.dirname, 'stories')
const NAME_WIDTH = 76

function print (line: string): void {
  process.stdout.write(`${line}\n`)
}

function printStep (result: StepResult): void {
  print(`${result.passed ? 'pass' : 'FAIL'}  ${result.name.padEnd(NAME_WIDTH)} ${result.seconds.toFixed(1).padStart(7)} s`)
  result.notes.forEach(note => { print(`      ${note}`) })

  if (result.error != null) {
    const text = result.error instanceof StepNeededError ? result.error.message : result.error.stack ?? result.error.message
    print(text.replace(/^/gm, '      '))
  }
}

async function play (name: string, json: boolean): Promise<boolean> {
  const { story } = await loadModule(FOLDER, name) as { story: Story<unknown> }
  findChromium()

  const stopping = new AbortController()
  const onSignal = (): void => { stopping.abort(new Error('the story was stopped')) }
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const stage = await createStage(name, stopping.signal)
  let results: StepResult[]
  let number = 0

  try {
    if (!json) {
      print(`${story.title}\n`)
    }

    results = await runStory(story, stage.context, {
      signal: stopping.signal,
      onStep: async result => {
        number++

        if (!result.passed && !(result.error instanceof StepNeededError)) {
          await stage.picture(`failed-step-${number}`)
        }

        if (!json) {
          printStep(result)
        }
      }
    })
  } finally {
    await stage.clear()
  }

  const passed = results.filter(result => result.passed).length
  const failed = results.length - passed

  if (json) {
    print(JSON.stringify({
      story: name,
      passed,
      failed,
      steps: results.map(result => ({ name: result.name, passed: result.passed, seconds: Number(result.seconds.toFixed(3)), notes: result.notes, error: result.error?.message }))
    }))
  } else {
    print(`\nscreenshots and logs: ${stage.context.out}`)
    print(`${name}: ${passed} passed, ${failed} failed`)
  }

  return passed > 0 && failed === 0
}

async function main (): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
    return await play(positionals[0] ?? '', values.json) ? 0 : 1
  } catch (err) {
    const expected = err instanceof UnknownNameError || err instanceof NoChromiumError
    process.stderr.write(`${err instanceof Error && !expected ? err.stack : String((err as Error).message)}\n`)
    return 1
  }
}

// WebRTC keeps a process alive after everything has been stopped
process.exit(await main())
