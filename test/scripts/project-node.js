import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The folder with the root package.json */
export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')

const OLDEST_NODE = 20

/** What a person has to do before anything of ours can run; the message is one sentence for that person. */
export class NotReadyError extends Error {
  name = 'NotReadyError'
}

/**
 * The Node that the project runs on: `npm ci` puts it into node_modules, whatever the machine has.
 *
 * @returns {string} the path of its executable
 */
export function projectNode () {
  const [major] = process.versions.node.split('.').map(Number)

  if (major < OLDEST_NODE) {
    throw new NotReadyError(`Pergola installs with Node ${OLDEST_NODE} or newer and this is Node ${process.versions.node}: please install a newer one from https://nodejs.org`)
  }

  const installed = join(root, 'node_modules/node/bin/node')

  if (!existsSync(installed) || !existsSync(join(root, 'node_modules/typescript/bin/tsc'))) {
    throw new NotReadyError('The parts that Pergola is made of are not installed yet: please run `npm ci` in this folder first.')
  }

  if (process.execPath === installed) {
    return installed
  }

  try {
    execFileSync(installed, ['--version'], { stdio: 'ignore' })
  } catch {
    throw new NotReadyError(`The Node that comes with Pergola does not run on this system (${process.platform} ${process.arch}): please use Linux, macOS or Windows on x64 or arm64.`)
  }

  return installed
}

/**
 * The environment of our child processes: the project's own programs come first on the path.
 *
 * @param {NodeJS.ProcessEnv} extra
 * @returns {NodeJS.ProcessEnv}
 */
export function projectEnvironment (extra = {}) {
  const separator = process.platform === 'win32' ? ';' : ':'

  return { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${separator}${process.env.PATH ?? ''}`, ...extra }
}
