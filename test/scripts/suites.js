/**
 * Runs every test suite, a few at a time: `node test/scripts/suites.js [--deep] [--only NAME]…`. `--only` takes the beginning of a name.
 * Prints a line for each suite, all that a failing one said, and at the end `N passed, N failed`. PERGOLA_JOBS sets how many run at a time.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { NotReadyError } from './project-node.js'
import { runSuite } from './run-suite.js'
import { findSuites } from './suite-list.js'

const MAX_JOBS = 2

/** @param {string} line */
function print (line) {
  process.stdout.write(`${line}\n`)
}

/**
 * @param {import('./suite-list.js').Suite[]} suites
 * @param {AbortSignal} signal
 * @returns {Promise<import('./run-suite.js').SuiteResult[]>}
 */
async function runAll (suites, signal) {
  const waiting = [...suites]
  /** @type {import('./run-suite.js').SuiteResult[]} */
  const results = []

  async function work () {
    for (let suite = waiting.shift(); suite != null && !signal.aborted; suite = waiting.shift()) {
      const result = await runSuite(suite, signal)
      const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : ''
      print(`${result.failed === 0 ? '✓' : '✗'} ${result.name.padEnd(24)} ${result.passed} passed, ${result.failed} failed${skipped}  ${result.seconds.toFixed(1)} s`)
      results.push(result)
    }
  }

  const jobs = Number(process.env.PERGOLA_JOBS ?? Math.min(MAX_JOBS, availableParallelism()))
  await Promise.all(Array.from({ length: jobs }, work))

  return results
}

try {
  const { values } = parseArgs({ options: { deep: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } } })
  const suites = findSuites(values.deep)
  const chosen = suites.filter(suite => values.only.length === 0 || values.only.some(name => suite.name.startsWith(name)))

  if (chosen.length === 0) {
    throw new NotReadyError(`There is no such suite; there are: ${suites.map(suite => suite.name).join(', ')}`)
  }

  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  process.once('SIGTERM', () => stopping.abort())

  const results = await runAll(chosen, stopping.signal)

  for (const result of results.filter(result => result.failed > 0)) {
    print(`\n===== ${result.name} =====\n${result.output.trimEnd()}`)

    if (result.trouble != null) {
      print(`${result.name} ${result.trouble}`)
    }
  }

  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  print(`\n${passed} passed, ${failed} failed`)
  process.exitCode = passed > 0 && failed === 0 && results.length === chosen.length ? 0 : 1
} catch (err) {
  if (!(err instanceof NotReadyError)) {
    throw err
  }

  process.stderr.write(`${err.message}\n`)
  process.exitCode = 1
}
