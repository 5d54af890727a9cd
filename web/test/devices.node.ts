import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'
import type { Page } from 'playwright-core'

describe('[A6] one\'s own devices', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  async function called (page: Page, wanted: string): Promise<unknown[][]> {
    return page.evaluate(wanted => window.testEngine.calls.filter(({ name }) => name === wanted).map(({ args }) => args), wanted)
  }

  it('are listed with what they are and whether they are there', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await page.getByRole('link', { name: 'See or add devices' }).click()
    await page.getByRole('heading', { name: 'Your devices' }).and(page.locator(':focus')).waitFor()
    expect(await page.locator('.devices .device-words > bdi').allInnerTexts()).to.deep.equal(['Laptop', 'attic', 'No name yet'])
    expect(await page.locator('.devices .device-words > .hint').allInnerTexts()).to.deep.equal(['this one', 'your home · connected', 'not connected · last here 2 hours ago'])
  })

  it('are renamed in their place', async () => {
    const page = await app.open('mixed', { hash: '#/devices' })

    await page.getByRole('button', { name: 'Rename Laptop' }).click()
    await page.getByLabel('What should it be called?').and(page.locator(':focus')).fill('Kitchen')
    await page.keyboard.press('Enter')
    await page.getByText('Kitchen').waitFor()
    expect(await called(page, 'renameDevice')).to.deep.equal([['d1', 'Kitchen']])
    expect(await page.getByLabel('What should it be called?').count()).to.equal(0)
  })

  it('are closed after one question, but never the one in the hand', async () => {
    const page = await app.open('mixed', { hash: '#/devices' })

    expect(await page.getByRole('button', { name: /is stolen or lost$/ }).count()).to.equal(2)
    await page.getByRole('button', { name: 'attic is stolen or lost' }).click()
    await page.getByText('attic will never again write in your name').waitFor()
    await page.getByRole('button', { name: 'Close it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await called(page, 'closeDevice')).to.deep.equal([['d2', undefined]])
    expect(await page.locator('.devices li').count()).to.equal(2)
  })

  it('are closed with the recovery words where one did not begin, and only there they are asked for', async () => {
    const page = await app.open('mixed', { hash: '#/devices' })
    const close = page.getByRole('button', { name: 'Close it' })

    await page.evaluate(() => { window.testEngine.fail('closeDevice', { code: 'no-root', detail: '' }) })
    await page.getByRole('button', { name: 'attic is stolen or lost' }).click()
    expect(await page.getByLabel('Your recovery words').count()).to.equal(0)
    await close.click()
    await page.getByLabel('Your recovery words').fill('legal winner')
    await page.evaluate(() => { window.testEngine.fail('closeDevice', { code: 'words-wrong', detail: '' }) })
    await close.click()
    await page.getByText('These are not your recovery words.').waitFor()
    await page.getByLabel('Your recovery words').fill('legal winner thank')
    await close.click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await called(page, 'closeDevice')).to.deep.equal([['d2', undefined], ['d2', 'legal winner'], ['d2', 'legal winner thank']])
  })

  it('show a link that opens this page on another one, and ask whether the codes are the same', async () => {
    const page = await app.open('mixed', { hash: '#/devices' })

    await page.getByRole('button', { name: 'Show a link and a code' }).click()
    await page.getByRole('img', { name: 'A code to scan with a phone' }).waitFor()

    const link = await page.getByLabel('Link for your other device').inputValue()

    expect(link.startsWith(`${app.url}#link=`)).to.equal(true)
    await page.evaluate(() => { window.testEngine.pairing({ state: 'confirm', asked: { code: '482913', device: 'Phone' } }) })
    await page.getByText('482 913').waitFor()
    await page.getByRole('button', { name: 'Yes' }).click()
    expect(await called(page, 'confirmPairing')).to.deep.equal([[true]])
    await page.evaluate(() => { window.testEngine.pairing({ state: 'done' }) })
    await page.getByText('Added. It now has your wall.').waitFor()
  })

  it('take this one in with a link: code, amounts, wall', async () => {
    const page = await app.open('new', { hash: '#link=abc' })

    await page.getByLabel('What should this device be called?').fill('Tram')
    await page.getByRole('button', { name: 'Link this device' }).click()
    await page.getByText('Looking for your other device').waitFor()
    await page.evaluate(() => { window.testEngine.linking({ state: 'confirm', code: '482913' }) })
    await page.getByText('482 913').waitFor()
    await page.evaluate(() => {
      window.testEngine.session({ phase: 'ready', me: { id: 'me', name: 'Mara' } })
      window.testEngine.linking({ state: 'arriving', progress: { unit: 'entries', done: 300, total: 1_200, speed: 150 } })
    })
    await page.getByText('Your wall is on its way').waitFor()
    await page.getByText('300 of 1,200 entries · 150/s').waitFor()
    await page.evaluate(() => { window.testEngine.linking({ state: 'done' }) })
    await page.getByLabel('Write something').waitFor()
    expect(await called(page, 'link')).to.deep.equal([[{ text: 'abc', name: 'Tram' }]])
    expect(new URL(page.url()).hash).to.equal('#/')
  })

  it('take this one in with a link that was pasted, and say in one sentence why not', async () => {
    const page = await app.open('new')

    await page.getByRole('link', { name: 'I have this on another device' }).click()
    expect(await page.getByLabel('What should this device be called?').inputValue()).to.equal('Computer')
    await page.getByLabel('Link from your other device').fill('https://relay.example/#link=abc')
    await page.evaluate(() => { window.testEngine.linking({ state: 'failed', problem: { code: 'pairing-refused', detail: '' } }) })
    await page.getByRole('button', { name: 'Link this device' }).click()
    await page.getByText('This link no longer works.').waitFor()
    expect(await page.getByLabel('Link from your other device').inputValue()).to.equal('https://relay.example/#link=abc')
    expect(await called(page, 'link')).to.deep.equal([[{ text: 'https://relay.example/#link=abc', name: 'Computer' }]])
  })

  it('leave alone a wall that is here already', async () => {
    const page = await app.open('mixed', { hash: '#link=abc' })

    await page.getByText('There is a wall here already.').waitFor()
    expect(await called(page, 'link')).to.deep.equal([])
  })
})
