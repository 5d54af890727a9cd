import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'
import type { Page } from 'playwright-core'

const SAVED = { name: 'notes.zip', mimeType: 'application/zip', buffer: Buffer.from('archive') }

describe('[A8] everything as one file', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  async function called (page: Page, wanted: string): Promise<unknown[][]> {
    return page.evaluate(wanted => window.testEngine.calls.filter(({ name }) => name === wanted).map(({ args }) => args.filter(arg => !(arg instanceof Blob))), wanted)
  }

  it('is saved without keys and follows unless they are asked for', async () => {
    const page = await app.open('empty', { hash: '#/settings' })

    await page.getByRole('link', { name: 'Save or open a file' }).click()

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the file' }).click()])

    expect(download.suggestedFilename()).to.match(/^notes-\d{4}-\d\d-\d\d\.zip$/)
    await page.getByText('Saved, with 12 posts.').waitFor()
    await page.getByText('1 picture file could not be had.').waitFor()
    expect(await called(page, 'saveArchive')).to.deep.equal([[{ follows: false }]])
  })

  it('locks the keys with a passphrase that is the same twice', async () => {
    const page = await app.open('empty', { hash: '#/archive' })
    const save = page.getByRole('button', { name: 'Save the file' })

    await page.getByRole('switch', { name: 'With the list of people I follow' }).click()
    await page.getByRole('switch', { name: 'So that I can go on writing from it' }).click()
    await save.click()
    await page.getByText('Please use 8 characters or more.').waitFor()
    await page.getByLabel('Passphrase', { exact: true }).fill('long enough')
    await page.getByLabel('The passphrase again').fill('long enough')
    await Promise.all([page.waitForEvent('download'), save.click()])
    expect(await called(page, 'saveArchive')).to.deep.equal([[{ follows: true, passphrase: 'long enough' }]])
  })

  it('shows how far it is, and can be given up', async () => {
    const page = await app.open('empty', { hash: '#/archive' })

    await page.evaluate(() => { window.testEngine.hold() })
    await page.getByRole('button', { name: 'Save the file' }).click()
    await page.getByRole('button', { name: 'Writing the file…' }).waitFor()
    await page.evaluate(() => { window.testEngine.progress({ unit: 'bytes', done: 5_000_000, total: 20_000_000, speed: 2_500_000 }) })
    await page.getByText('5 MB of 20 MB · 2.5 MB/s').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Save the file' }).waitFor()
    expect(await page.getByRole('alert').count()).to.equal(0)
  })

  it('adds to the wall that is here, and says what', async () => {
    const page = await app.open('empty', { hash: '#/archive' })

    await page.getByLabel('Saved file').setInputFiles(SAVED)
    await page.evaluate(() => { window.testEngine.hold() })
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByRole('button', { name: 'Looking through the file…' }).waitFor()
    await page.evaluate(() => { window.testEngine.progress({ step: 'take', unit: 'bytes', done: 1, total: 2, speed: 1 }) })
    await page.getByRole('button', { name: 'Adding what is new…' }).waitFor()
    await page.evaluate(() => { window.testEngine.release() })
    await page.getByText('3 new entries added.').waitFor()
    await page.getByText('1 entry does not count here').waitFor()
  })

  it('begins where nobody has joined: to write with the passphrase, to read without', async () => {
    for (const [passphrase, hash, args] of [['long enough', '#/', { passphrase: 'long enough' }], ['', '#/w/friend0', {}]] as const) {
      const page = await app.open('new')

      await page.getByRole('link', { name: 'Open a saved file' }).click()
      await page.getByLabel('Saved file').setInputFiles(SAVED)
      await page.getByLabel('Passphrase, if the file has one').fill(passphrase)
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await page.waitForFunction(hash => location.hash === hash, hash)
      expect(await called(page, 'takeArchive')).to.deep.equal([[args]])
    }
  })

  it('says in one sentence what is wrong with a file, and that there is none', async () => {
    const page = await app.open('new', { hash: '#/archive' })
    const open = page.getByRole('button', { name: 'Open', exact: true })

    await open.click()
    await page.getByText('This is another kind of file.').waitFor()
    await page.getByLabel('Saved file').setInputFiles(SAVED)

    for (const [code, sentence] of [['archive-cut', 'The end of this file is missing.'], ['archive-foreign', 'This file is of somebody else.'], ['wrong-passphrase', 'The passphrase is not the right one.']] as const) {
      await page.evaluate(code => { window.testEngine.fail('takeArchive', { code, detail: '' }) }, code)
      await open.click()
      await page.getByText(sentence).waitFor()
    }
  })
})
