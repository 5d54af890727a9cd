import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** For a fresh profile that talks to nobody and needs neither a screen nor a sandbox */
export const chromiumFlags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'
]

/** The message says how to install one */
export class NoChromiumError extends Error {
  override name = 'NoChromiumError'
  override message = 'These tests drive Chromium and there is none here: please install it (on Debian or Ubuntu `apt-get install chromium`), or name it in CHROMIUM_PATH'
}

/**
 * The system's Chromium: CHROMIUM_PATH, or the first of the usual names on the path
 *
 * @throws {NoChromiumError}
 */
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
