import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser } from '../chromium.ts'
import { startProgram } from '../processes.ts'
import { root } from '../repository.ts'
import type { StoryContext } from './story.ts'
import type { Browser } from '../chromium.ts'

/** Where a story is played: its folders, and all that it starts */
export interface Stage {
  context: StoryContext
  /** Pictures of whatever the browsers show now, for somebody who wants to know why a step failed */
  picture (name: string): Promise<void>
  /** Stops and removes all of it; idempotent */
  clear (): Promise<void>
}

/** Sets up a stage with results under `test/out/NAME` */
export async function createStage (name: string, signal: AbortSignal): Promise<Stage> {
  const out = join(root, 'test/out', name)
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const work = await mkdtemp(join(tmpdir(), `pergola-${name}-`))
  const browsers = new Map<string, Browser>()
  const actions: Array<() => Promise<unknown>> = []

  const context: StoryContext = {
    out,
    work,
    signal,
    start: init => {
      const program = startProgram({ ...init, log: join(out, 'logs', `${init.name}.log`) })
      actions.push(program.stop)
      return program
    },
    open: async (browserName, init) => {
      const browser = await openBrowser({ ...init, folder: join(work, 'browsers', browserName) })
      browsers.set(browserName, browser)
      actions.push(browser.close)
      return browser
    },
    later: action => { actions.push(action) },
    note: () => {}
  }

  return {
    context,
    picture: async pictureName => {
      for (const [browserName, browser] of browsers) {
        for (const [index, page] of browser.context.pages().entries()) {
          // a closed or hung page has no picture, and the reason of the failure is elsewhere
          await page.screenshot({ path: join(out, `${pictureName}-${browserName}-${index}.png`), timeout: 5_000 }).catch(() => {})
        }
      }
    },
    clear: async () => {
      for (let action = actions.pop(); action != null; action = actions.pop()) {
        await action().catch((err: Error) => { process.stderr.write(`while tidying up: ${err.message}\n`) })
      }

      await rm(work, { recursive: true, force: true, maxRetries: 3 })
    }
  }
}
