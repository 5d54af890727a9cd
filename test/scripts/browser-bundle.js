import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const require = createRequire(import.meta.url)

/** Runs in the page, between mocha's own script and the specs; `report` is put there by the runner */
const SETUP = `
  globalThis.process ??= { env: ENV }
  mocha.setup({ ui: 'bdd', timeout: 60000, reporter: function (runner) {
    const path = test => test.titlePath()
    runner.on('test', test => report({ state: 'begun', path: path(test) }))
    runner.on('pass', test => report({ state: 'passed', path: path(test), duration: test.duration }))
    runner.on('pending', test => report({ state: 'skipped', path: path(test) }))
    runner.on('fail', (test, err) => report({ state: 'failed', path: path(test), message: err.message, stack: err.stack }))
    runner.on('end', () => report({ state: 'ended', path: [] }))
  } })
`

/**
 * Everything the page loads, by its path.
 *
 * @param {string[]} files - absolute paths of specs
 * @param {string} vectors - folder of the vectors
 * @param {Record<string, string>} env - what specs may read of the environment
 * @returns {Promise<Map<string, { type: string, body: string }>>}
 */
export async function bundleSpecs (files, vectors, env) {
  const bundle = await build({
    stdin: { contents: files.map(file => `import ${JSON.stringify(file)}`).join('\n'), resolveDir: dirname(files[0]) },
    bundle: true,
    // a package may say that importing its files does nothing: specs are imported for what they do
    ignoreAnnotations: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    logLevel: 'silent'
  })
  const page = `<!doctype html><meta charset="utf-8"><title>specs</title>
    <script src="/mocha.js"></script><script src="/setup.js"></script>
    <script type="module" src="/specs.js"></script><script type="module">mocha.run()</script>`
  const script = (/** @type {string} */ body) => ({ type: 'text/javascript; charset=utf-8', body })

  return new Map([
    ...readdirSync(vectors).map(name => /** @type {[string, { type: string, body: string }]} */ (
      [`/vectors/${name}`, { type: 'application/json', body: readFileSync(join(vectors, name), 'utf8') }]
    )),
    ['/', { type: 'text/html; charset=utf-8', body: page }],
    ['/mocha.js', script(readFileSync(join(dirname(require.resolve('mocha/package.json')), 'mocha.js'), 'utf8'))],
    ['/setup.js', script(SETUP.replace('ENV', JSON.stringify(env)))],
    ['/favicon.ico', { type: 'image/x-icon', body: '' }],
    ['/specs.js', script(bundle.outputFiles[0].text)]
  ])
}
