import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumFlags, findChromium } from './find-chromium.ts'
import { OWN_ERRANDS, readNetLog } from './net-log.ts'
import type { Destination } from './net-log.ts'
import type { BrowserContext, Page } from 'playwright-core'

const FLAGS = [
  ...chromiumFlags,
  '--disable-features=AutofillServerCommunication,OptimizationHints,MediaRouter,Translate,NetworkTimeServiceQuerying',
  ...['gaia-url', 'google-apis-url', 'component-updater=url-source'].map(flag => `--${flag}=${OWN_ERRANDS}/`)
]

export interface BrowserInit {
  /** A folder for what the browser keeps; the same folder is the same browser again */
  folder: string
  /** @default 'en-US' */
  locale?: string
  /** More flags of Chromium */
  args?: string[]
}

/** A Chromium of its own, as another person on another computer would have */
export interface Browser {
  context: BrowserContext
  /** The page it opened with */
  page: Page
  /** Idempotent */
  close (): Promise<void>
  /** Where it turned to since it was opened: the network service writes this down. Closes the browser, because the end of the log comes with its end. */
  destinations (): Promise<Destination[]>
}

let opened = 0

/** Opens a browser that shares nothing with any other. Whoever opens it closes it. */
export async function openBrowser (init: BrowserInit): Promise<Browser> {
  await mkdir(init.folder, { recursive: true })
  const netLog = join(init.folder, `net-log-${process.pid}-${opened++}.json`)
  const context = await chromium.launchPersistentContext(join(init.folder, 'profile'), {
    executablePath: findChromium(),
    headless: true,
    locale: init.locale ?? 'en-US',
    args: [...FLAGS, `--log-net-log=${netLog}`, ...(init.args ?? [])]
  })
  const page = context.pages()[0] ?? await context.newPage()
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    closed ??= context.close()
    await closed
  }

  return {
    context,
    page,
    close,
    destinations: async () => {
      await close()
      return readNetLog(netLog)
    }
  }
}
