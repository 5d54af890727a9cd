import { accessSync, constants } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import { OWN_ERRANDS, readNetLog } from './net-log.ts'
import type { Destination } from './net-log.ts'
import type { BrowserContext, Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
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

/** The message says how to install one */
export class NoChromiumError extends Error {
  override name = 'NoChromiumError'
  override message = 'These tests drive Chromium and there is none here: please install it (on Debian or Ubuntu `apt-get install chromium`), or name it in CHROMIUM_PATH'
}

/** The system's Chromium: CHROMIUM_PATH, or the first of the usual names on the path */
export function findChromium (): string {
  const named = process.env.CHROMIUM_PATH
  const candidates = named != null
    ? [named]
    : NAMES.flatMap(name => (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, name)))
  const found = candidates.find(file => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })

  if (found == null) {
    throw new NoChromiumError()
  }

  return found
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
