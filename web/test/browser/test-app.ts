import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { launchChromium } from './chromium.ts'
import { serveFolder } from './serve.ts'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

const CONFIG = fileURLToPath(new URL('../app/vite.config.ts', import.meta.url))
const BUILT = fileURLToPath(new URL('../../dist/test-app', import.meta.url))

let built: Promise<unknown> | undefined

/** The pages over the test engine, in a browser */
export interface TestApp {
  browser: Browser
  url: string
  /** A page in a profile of its own */
  open (scene: string, options?: OpenOptions): Promise<Page>
  /** Closes what was opened. Resolves with what the pages threw or were refused meanwhile */
  close (): Promise<string[]>
  stop (): Promise<void>
}

export interface OpenOptions extends BrowserContextOptions {
  language?: 'en' | 'zh-CN'
  hash?: string
}

export async function startTestApp (): Promise<TestApp> {
  built ??= build({ configFile: CONFIG })
  await built

  const site = await serveFolder(BUILT)
  const browser = await launchChromium()
  const complaints: string[] = []

  return {
    browser,
    url: site.url,
    async open (scene, { language = 'en', hash = '', ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: language, reducedMotion: 'reduce', ...options })
      const page = await context.newPage()

      page.on('pageerror', error => { complaints.push(error.message) })
      page.on('console', message => {
        if (message.type() === 'error') {
          complaints.push(message.text())
        }
      })
      await page.goto(`${site.url}?scene=${scene}&language=${language}${hash}`)
      await page.locator('main, h1').first().waitFor()

      return page
    },
    async close () {
      await Promise.all(browser.contexts().map(async context => { await context.close() }))

      return complaints.splice(0)
    },
    async stop () {
      await browser.close()
      await site.stop()
    }
  }
}
