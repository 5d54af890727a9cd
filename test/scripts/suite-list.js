import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { root } from './project-node.js'

const MINUTE = 60_000
const SUITE_MINUTES = 10
const DEEP_MINUTES = 120

/**
 * @typedef {object} Suite
 * @property {string} name - what `--only` and the table call it
 * @property {string[]} args - arguments of the project's Node
 * @property {number} timeout - milliseconds after which it is stopped and counted as failed
 * @property {NodeJS.ProcessEnv} env - in addition to our own
 */

/**
 * @param {string} folder - relative to the root
 * @param {boolean} deep
 * @returns {string[]} the test files below it, relative to the root
 */
function testFiles (folder, deep) {
  const start = join(root, folder)

  if (!existsSync(start)) {
    return []
  }

  const wanted = deep ? /\.(spec|node|deep)\.ts$/ : /\.(spec|node)\.ts$/

  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && wanted.test(entry.name))
    .map(entry => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
}

/**
 * @param {string} name
 * @param {string[]} files
 * @param {boolean} deep
 * @param {number} testMinutes - how long one test may take that says nothing else about it
 * @returns {Suite}
 */
function mochaSuite (name, files, deep, testMinutes = 1) {
  const timeout = (deep ? DEEP_MINUTES : testMinutes) * MINUTE

  return {
    name,
    args: ['node_modules/mocha/bin/mocha.js', '--exit', '--timeout', String(timeout), '--reporter', 'test/scripts/mocha-report.cjs', ...files],
    timeout: (deep ? DEEP_MINUTES : SUITE_MINUTES) * MINUTE,
    env: {
      PERGOLA_SEEDS: process.env.PERGOLA_SEEDS ?? (deep ? '2000' : '500'),
      PERGOLA_CASES: process.env.PERGOLA_CASES ?? (deep ? '50000' : '5000'),
      ...(deep ? { PERGOLA_DEEP: '1' } : {})
    }
  }
}

/**
 * Finds the suites by where their files lie, so that a new test file needs no entry anywhere. What runs long comes first.
 *
 * @param {boolean} deep - with the `*.deep.ts` files and larger counts
 * @returns {Suite[]}
 */
export function findSuites (deep) {
  const protocols = testFiles('protocols/test', deep)
  const simulated = protocols.filter(file => /simulat|convergence/.test(file))
  const suites = [
    mochaSuite('simulator', simulated, deep, SUITE_MINUTES),
    mochaSuite('protocols', protocols.filter(file => !simulated.includes(file)), deep),
    ...['web', 'relay', 'node'].map(room => mochaSuite(room, testFiles(`${room}/test`, deep), deep)),
    ...testFiles('test/test', deep).map(file => mochaSuite(`test/${basename(file).replace(/\.(spec|node)\.ts$|\.ts$/, '')}`, [file], deep, SUITE_MINUTES))
  ].filter(suite => suite.args.some(arg => arg.endsWith('.ts')))

  if (existsSync(join(root, 'test/scripts/browser-specs.js')) && protocols.some(file => file.endsWith('.spec.ts'))) {
    suites.unshift({ name: 'browser', args: ['test/scripts/browser-specs.js'], timeout: SUITE_MINUTES * MINUTE, env: {} })
  }

  return suites
}
