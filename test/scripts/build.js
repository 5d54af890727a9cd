/**
 * Builds what is stale, and only that: `node test/scripts/build.js [--quiet]`. One line for each part that was built; with
 * `--quiet` nothing at all when there was nothing to do.
 */
import { buildTypeScript } from './build-typescript.js'
import { buildWeb } from './build-web.js'
import { NotReadyError } from './project-node.js'

const quiet = process.argv.includes('--quiet')
let built = false

/** @param {string} line */
function print (line) {
  built = true
  process.stdout.write(`${line}\n`)
}

try {
  const ok = await buildTypeScript(['protocols', 'relay', 'node', 'test'], print) && await buildWeb(print)

  if (ok && !built && !quiet) {
    process.stdout.write('everything is built\n')
  }

  process.exitCode = ok ? 0 : 1
} catch (err) {
  if (!(err instanceof NotReadyError)) {
    throw err
  }

  process.stderr.write(`${err.message}\n`)
  process.exitCode = 1
}
