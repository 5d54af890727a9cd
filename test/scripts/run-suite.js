import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { projectEnvironment, projectNode, root } from './project-node.js'

const GRACE_MS = 3_000

/**
 * @typedef {object} SuiteResult
 * @property {string} name - of the suite
 * @property {number} passed - tests
 * @property {number} failed - tests; a suite that ran nothing, crashed or hung counts as at least one
 * @property {number} skipped - tests
 * @property {number} seconds - that it took
 * @property {string} output - everything it printed
 * @property {string | undefined} trouble - why it counts as failed although no test said so
 */

/**
 * @param {string} report - JSON lines of mocha-report.cjs
 * @param {string} output - for programs that only print counts: `3 passing` or `3 passed, 0 failed`
 * @returns {{ passed: number, failed: number, skipped: number, current?: string }}
 */
export function countTests (report, output) {
  const events = report.split('\n').filter(line => line.endsWith('}')).map(line => JSON.parse(line))
  const count = (/** @type {string} */ state) => events.filter(event => event.state === state).length

  if (events.length > 0) {
    const last = events.at(-1)
    return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), current: last.state === 'begun' ? last.title : undefined }
  }

  const last = (/** @type {RegExp} */ pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0)

  return { passed: last(/(\d+) pass(?:ed|ing)\b/g), failed: last(/(\d+) fail(?:ed|ing)\b/g), skipped: last(/(\d+) (?:pending|skipped)\b/g) }
}

/**
 * Stops a child and everything it started, by its process group.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup (child, signal) {
  try {
    process.kill(-(child.pid ?? 0), signal)
  } catch {
    // the group is gone already
  }
}

/**
 * Runs one suite in a process of its own, with its own log under test/out/suites.
 *
 * @param {import('./suite-list.js').Suite} suite
 * @param {AbortSignal} signal
 * @returns {Promise<SuiteResult>}
 */
export async function runSuite (suite, signal) {
  const folder = join(root, 'test/out/suites')
  const base = join(folder, suite.name.replaceAll('/', '-'))
  const report = `${base}.jsonl`
  mkdirSync(folder, { recursive: true })
  rmSync(report, { force: true })

  const log = createWriteStream(`${base}.log`)
  const start = Date.now()
  const child = spawn(projectNode(), suite.args, {
    cwd: root,
    detached: true,
    env: projectEnvironment({ ...suite.env, PERGOLA_REPORT: report, NODE_ENV: 'test' }),
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  let hung = false

  const keep = (/** @type {string} */ chunk) => {
    output += chunk
    log.write(chunk)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)

  const stop = () => {
    signalGroup(child, 'SIGTERM')
    setTimeout(signalGroup, GRACE_MS, child, 'SIGKILL').unref()
  }
  const limit = setTimeout(() => {
    hung = true
    stop()
  }, suite.timeout)
  signal.addEventListener('abort', stop)

  const [code, killed] = await new Promise(resolve => {
    child.once('exit', (exitCode, exitSignal) => {
      // whatever the suite left running would keep its pipes open
      signalGroup(child, 'SIGKILL')
      child.once('close', () => resolve([exitCode, exitSignal]))
    })
  })
  clearTimeout(limit)
  signal.removeEventListener('abort', stop)
  log.end()

  const { current, ...counts } = countTests(existsSync(report) ? readFileSync(report, 'utf8') : '', output)
  const where = current == null ? '' : `, in the test "${current}"`
  let trouble

  if (hung) {
    trouble = `did not end within ${suite.timeout / 1000} s${where}`
  } else if (killed != null) {
    trouble = `was ended by ${killed}${where}`
  } else if (code !== 0 && (counts.failed === 0 || current != null)) {
    trouble = `ended with code ${code}${where}`
  } else if (counts.passed + counts.failed === 0) {
    trouble = 'ran no test'
  }

  return {
    name: suite.name,
    ...counts,
    failed: counts.failed + (trouble == null ? 0 : 1),
    seconds: (Date.now() - start) / 1000,
    output,
    trouble
  }
}
