/**
 * Runs the specs of protocols/ that are for every platform in the system's Chromium, and those for browsers only:
 * `node test/scripts/browser-specs.js [files or parts of their paths…]`. The same specs run on Node under mocha.
 */
import { appendFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, relative, resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumFlags, findChromium, NoChromiumError } from '../src/find-chromium.ts'
import { bundleSpecs } from './browser-bundle.js'

const root = resolve(import.meta.dirname, '../..')
/** One test may take a minute; longer silence means that the page hangs */
const SILENCE_MS = 120_000

/** @param {string[]} wanted - parts of paths; none: all but the simulations, which need no browser and take minutes */
function findSpecs (wanted) {
  const folder = join(root, 'protocols/test')

  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(spec|browser)\.ts$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(file => wanted.length === 0 ? !/simulat|convergence/.test(file) : wanted.some(part => resolve(part) === file || relative(root, file).includes(part)))
    .sort()
}

/** @param {Map<string, { type: string, body: string }>} content */
async function serve (content) {
  const server = createServer((req, res) => {
    const found = content.get(req.url ?? '')
    res.writeHead(found == null ? 404 : 200, { 'content-type': found?.type ?? 'text/plain' })
    res.end(found?.body)
  })

  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(undefined))
  })

  const address = server.address()

  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/` }
}

class Report {
  counts = { passed: 0, failed: 0, skipped: 0 }
  #failures = /** @type {string[]} */ ([])
  #shown = /** @type {string[]} */ ([])

  /** @param {{ state: string, path: string[], duration?: number, message?: string, stack?: string }} event */
  add ({ state, path, duration, message, stack }) {
    const title = path.join(' ')

    if (process.env.PERGOLA_REPORT != null) {
      appendFileSync(process.env.PERGOLA_REPORT, `${JSON.stringify({ state, title })}\n`)
    }

    if (state === 'begun') {
      return
    }

    this.#headings(path.slice(0, -1))

    const mark = { passed: '✔', failed: '✖', skipped: '-' }[state]
    const slow = duration != null && duration > 75 ? ` (${duration}ms)` : ''
    process.stdout.write(`${'  '.repeat(path.length)}${mark} ${path.at(-1)}${slow}\n`)

    if (state === 'passed') {
      this.counts.passed++
    } else if (state === 'skipped') {
      this.counts.skipped++
    } else {
      this.counts.failed++
      this.#failures.push(`${this.counts.failed}) ${title}\n${stack?.includes(message ?? '') === true ? stack : `${message}\n${stack}`}`)
    }
  }

  /** @param {string[]} suites */
  #headings (suites) {
    const common = suites.findIndex((suite, i) => this.#shown[i] !== suite)

    for (let i = common === -1 ? suites.length : common; i < suites.length; i++) {
      process.stdout.write(`${'  '.repeat(i + 1)}${suites[i]}\n`)
    }

    this.#shown = suites
  }

  summary () {
    const { passed, failed, skipped } = this.counts
    const lines = ['', `  ${passed} passing`]

    if (skipped > 0) {
      lines.push(`  ${skipped} pending`)
    }

    if (failed > 0) {
      lines.push(`  ${failed} failing`, '', ...this.#failures)
    }

    process.stdout.write(`${lines.join('\n')}\n`)
  }
}

/**
 * @param {string} url
 * @param {string} executablePath
 * @param {Report} report
 */
async function run (url, executablePath, report) {
  const browser = await chromium.launch({ executablePath, args: chromiumFlags, headless: true })

  try {
    const page = await browser.newPage()
    /** @type {NodeJS.Timeout | undefined} */
    let silence

    await new Promise((resolve, reject) => {
      const listen = (/** @type {string} */ where) => {
        clearTimeout(silence)
        silence = setTimeout(() => reject(new Error(`The page has said nothing for ${SILENCE_MS / 1000} s, the last was: ${where}`)), SILENCE_MS)
      }

      listen('it was asked to load')
      page.on('crash', () => reject(new Error('The page crashed')))
      page.on('pageerror', reject)
      page.on('console', message => { process.stderr.write(`${message.text()}\n`) })
      page.exposeFunction('report', (/** @type {Parameters<Report['add']>[0]} */ event) => {
        if (event.state === 'ended') {
          resolve(undefined)
        } else {
          listen(`${event.state}: ${event.path.join(' ')}`)
          report.add(event)
        }
      }).then(async () => page.goto(url)).catch(reject)
    }).finally(() => { clearTimeout(silence) })
  } finally {
    await browser.close()
  }
}

try {
  const executable = findChromium()
  const files = findSpecs(process.argv.slice(2))

  if (files.length === 0) {
    throw new Error('No spec has such a path')
  }

  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('PERGOLA_')))
  const { server, url } = await serve(await bundleSpecs(files, join(root, 'protocols/specs/vectors'), /** @type {Record<string, string>} */ (env)))
  const report = new Report()

  try {
    await run(url, executable, report)
  } finally {
    server.close()
    server.closeAllConnections()
    report.summary()
  }

  process.exitCode = report.counts.failed === 0 && report.counts.passed > 0 ? 0 : 1
} catch (err) {
  process.stderr.write(`${err instanceof Error && !(err instanceof NoChromiumError) ? err.stack : String(err instanceof Error ? err.message : err)}\n`)
  process.exitCode = 1
}
