import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'aegir/chai'
import { build } from 'vite'
import { budget } from '../scripts/budget.ts'
import { launchChromium } from './browser/chromium.ts'
import { serveFolder } from './browser/serve.ts'
import type { Site } from './browser/serve.ts'
import type { Browser } from 'playwright-core'

const CONFIG = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
const ENGINE = fileURLToPath(new URL('./app/stand-in.ts', import.meta.url))

describe('the client as it is delivered', () => {
  let folder: string
  let browser: Browser
  let site: Site
  const environment = process.env.NODE_ENV

  before(async function () {
    this.timeout(120_000)
    // what is delivered is built for production, whatever runs the tests
    process.env.NODE_ENV = 'production'
    folder = await mkdtemp(join(tmpdir(), 'client-'))
    await build({
      configFile: CONFIG,
      logLevel: 'silent',
      plugins: [{
        name: 'engine-of-the-tests',
        enforce: 'pre',
        resolveId: id => id === './engine/index.ts' ? ENGINE : undefined
      }],
      build: { outDir: folder }
    })
    site = await serveFolder(folder)
    browser = await launchChromium()
  })

  after(async () => {
    if (environment == null) {
      delete process.env.NODE_ENV
    } else {
      process.env.NODE_ENV = environment
    }

    await browser?.close()
    await site?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('opens from its own origin alone, under the strict policy', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const foreign: string[] = []
    const complaints: string[] = []

    context.on('request', request => {
      if (!request.url().startsWith(site.url) && !/^(blob|data):/.test(request.url())) {
        foreign.push(request.url())
      }
    })
    page.on('pageerror', error => { complaints.push(error.message) })
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') {
        complaints.push(message.text())
      }
    })
    await page.goto(site.url)
    await page.getByLabel('Your name').fill('Ada')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByLabel('Write something').waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    expect(complaints).to.deep.equal([])
    expect(foreign).to.deep.equal([])
    await context.close()
  })

  it('opens again without any network', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()

    await page.goto(site.url)
    await page.evaluate(async () => navigator.serviceWorker.ready)
    await page.waitForFunction(() => navigator.serviceWorker.controller != null)
    await context.setOffline(true)
    await page.reload()
    await page.getByLabel('Your name').fill('Ada')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    await context.close()
  })

  it('is kept for later also when something of it could not be had at first', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()

    // nobody but the service worker asks for it
    site.refuses.add('/icon-512.png')
    await page.goto(site.url)
    await page.waitForFunction(() => navigator.serviceWorker.controller != null)
    expect([...site.refuses]).to.deep.equal([])
    await context.setOffline(true)
    await page.reload()
    await page.getByLabel('Your name').waitFor()
    await context.close()
  })

  it('says nowhere a passer-by looks what it is for', async () => {
    const telling = /pergola|social|network|mesh|p2p|peer|libp2p|ipfs|wall|friend/i

    expect((await readFile(join(folder, 'index.html'), 'utf8')).replace(/http-equiv="[^"]*" content="[^"]*"/, '')).to.not.match(telling)
    expect(await readFile(join(folder, 'manifest.webmanifest'), 'utf8')).to.not.match(telling)
    expect(await readFile(join(folder, 'icon.svg'), 'utf8')).to.not.match(telling)
    expect((await readdir(folder, { recursive: true })).filter(name => telling.test(name))).to.deep.equal([])
  })

  it('has no script and no style within the page', async () => {
    const page = await readFile(join(folder, 'index.html'), 'utf8')

    expect(page).to.not.match(/<style|\sstyle=|\son\w+=/)
    expect(page).to.not.match(/<script(?![^>]*\ssrc=)[^>]*>/)
    expect(page).to.include('Content-Security-Policy')
  })

  it('fails to build when what loads before the first wall is over its budget', async () => {
    const source = await mkdtemp(join(tmpdir(), 'budget-'))
    const noise = Array.from({ length: 4000 }, (_, at) => Math.imul(at + 1, 2654435761).toString(36)).join('')

    try {
      await writeFile(join(source, 'main.js'), "import { noise } from './static.js'\nconsole.log(noise)\nimport('./needed.js').then(({ more }) => { console.log(more) })\nimport('./lazy.js').then(({ most }) => { console.log(most) })\n")
      await writeFile(join(source, 'static.js'), `export const noise = '${noise}'\n`)
      await writeFile(join(source, 'needed.js'), `export const more = '${[...noise].reverse().join('')}'\n`)
      await writeFile(join(source, 'lazy.js'), `export const most = '${noise.repeat(3)}x'\n`)

      const tryWith = async (limit: number): Promise<unknown> => build({
        root: source,
        configFile: false,
        logLevel: 'silent',
        plugins: [budget({ limit, needed: ['/needed.js'] })],
        build: { write: false, modulePreload: { polyfill: false }, rolldownOptions: { input: join(source, 'main.js') } }
      }).then(() => 'built', error => String(error))

      expect(await tryWith(100_000)).to.equal('built')
      expect(await tryWith(20_000)).to.match(/script before the first wall: .* kB gzip in \d files \(at most 20\.0 kB\)/)
      expect(await tryWith(100)).to.match(/needed/)
    } finally {
      await rm(source, { recursive: true, force: true })
    }
  })
})
