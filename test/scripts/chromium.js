import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** For a fresh profile that talks to nobody and needs neither a screen nor a sandbox */
export const chromiumFlags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'
]

/** There is no Chromium here; the message is one sentence that says what to do */
export class NoChromiumError extends Error {
  name = 'NoChromiumError'
}

/** @param {string} path */
function isExecutable (path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The system's Chromium: the one that CHROMIUM_PATH names, or the first on PATH.
 *
 * @returns {string} path of the executable
 * @throws {NoChromiumError}
 */
export function findChromium () {
  const named = process.env.CHROMIUM_PATH

  if (named != null && named !== '') {
    if (isExecutable(named)) {
      return named
    }

    throw new NoChromiumError(`CHROMIUM_PATH names ${named}, which is no program: please correct it or unset it.`)
  }

  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) {
      if (folder !== '' && isExecutable(join(folder, name))) {
        return join(folder, name)
      }
    }
  }

  throw new NoChromiumError('There is no Chromium on this machine: please install it (on Debian and Ubuntu: `sudo apt-get install -y chromium`) or name one in CHROMIUM_PATH.')
}
