import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The system's Chromium: the one of the environment variable `CHROMIUM_PATH`, else the first on the path */
export async function launchChromium (): Promise<Browser> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const executablePath = process.env.CHROMIUM_PATH ?? folders.flatMap(folder => NAMES.map(name => join(folder, name))).find(path => existsSync(path))

  if (executablePath == null) {
    throw new Error('There is no Chromium here: install it (Debian: apt-get install chromium) or name it in the environment variable CHROMIUM_PATH.')
  }

  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  })
}
