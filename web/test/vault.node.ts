/** What this browser keeps, and how it came from what the first version kept. */
import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/vault.ts'
import type { BrowserContext, Page } from 'playwright-core'

const CANARY = 'canaryofthefirstversion'
const RECORDS = 3_000

describe('what a browser keeps', function () {
  this.timeout(120_000)

  let app: TestApp
  let context: BrowserContext

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  beforeEach(async () => { context = await app.browser.newContext() })
  afterEach(async () => { await context.close() })

  async function open (): Promise<Page> {
    const page = await context.newPage()

    await page.goto(`${app.url}vault.html`)
    await page.waitForFunction(() => 'vaultTest' in window)

    return page
  }

  it('[E1] [ST100] opens again by itself', async () => {
    const page = await open()

    await page.evaluate(async () => window.vaultTest.write([['p/0', 'one']]))
    await page.reload()
    await page.waitForFunction(() => 'vaultTest' in window)
    expect(await page.evaluate(async () => window.vaultTest.read())).to.deep.include({ records: 1, first: 'one', databases: ['notes-1', 'notes-keys'] })
  })

  it('[ST110] takes over what the first version kept, and deletes it there', async () => {
    const page = await open()

    await page.evaluate(async ([records, canary]) => window.vaultTest.writePlain(records, canary), [RECORDS, CANARY] as const)
    expect(await page.evaluate(async () => window.vaultTest.read())).to.deep.equal({
      records: RECORDS, first: `0 ${CANARY}`, secret: `secret ${CANARY}`, databases: ['notes-1', 'notes-keys']
    })
  })

  it('[ST111] goes on with it when the page was closed meanwhile', async () => {
    let page = await open()

    await page.evaluate(async ([records, canary]) => window.vaultTest.writePlain(records, canary), [RECORDS, CANARY] as const)

    for (const wait of [5, 50, 150, 300]) {
      const reading = page.evaluate(async () => window.vaultTest.read()).catch(() => {})

      await new Promise(resolve => { setTimeout(resolve, wait) })
      await page.close()
      await reading
      page = await open()
    }

    expect(await page.evaluate(async () => window.vaultTest.read())).to.deep.include({ records: RECORDS, first: `0 ${CANARY}`, secret: `secret ${CANARY}` })
  })
})
