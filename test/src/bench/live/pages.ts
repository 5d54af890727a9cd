import { join } from 'node:path'
import { openBrowser } from '../../chromium.ts'
import type { Page } from 'playwright-core'

/** A browser that follows the wall, as somebody does who was sent its link */
export interface FollowingPage {
  /** Resolves when so many numbered posts were on the page */
  complete (posts: number, options: { timeout: number }): Promise<void>
  /** At what time which post came onto the page, the time that `wallClock` tells */
  seen (): Promise<Array<[number: number, at: number]>>
  close (): Promise<void>
}

interface Recording {
  recorded: Map<number, number>
}

/** Runs in the page: writes down when the text of a numbered post appears anywhere */
function record (): void {
  const recorded = new Map<number, number>()
  const look = (node: Node): void => {
    for (const [, number] of (node.textContent ?? '').matchAll(/Post (\d+) of \d+\./g)) {
      if (!recorded.has(Number(number))) {
        recorded.set(Number(number), performance.timeOrigin + performance.now())
      }
    }
  }

  Object.assign(globalThis, { recorded })
  new MutationObserver(changes => {
    for (const { target, addedNodes } of changes) {
      if (target.nodeType === Node.TEXT_NODE) {
        look(target)
      }

      addedNodes.forEach(look)
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

async function follow (page: Page, link: string, name: string): Promise<void> {
  await page.addInitScript(record)
  await page.goto(link)
  await page.getByRole('article').first().waitFor()
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  // the first page, with what is followed
  await page.getByRole('textbox', { name: 'Write something' }).waitFor()
  await page.getByRole('article').first().waitFor()
}

/** @param folder - where the browser keeps its profile */
export async function openFollowingPage (folder: string, link: string, name: string): Promise<FollowingPage> {
  const { page, close } = await openBrowser({ folder: join(folder, name) })

  try {
    await follow(page, link, name)
  } catch (err) {
    await close()
    throw err
  }

  return {
    close,
    async complete (posts, { timeout }) {
      await page.waitForFunction(count => (globalThis as unknown as Recording).recorded.size >= count, posts, { timeout })
    },
    seen: async () => page.evaluate(() => [...(globalThis as unknown as Recording).recorded])
  }
}
