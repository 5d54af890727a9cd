import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'
import type { Page } from 'playwright-core'

describe('settings', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  it('changes the profile', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await page.getByLabel('Your name').fill('Mara L.')
    await page.getByLabel('About you').fill('Ink.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await page.evaluate(() => window.testEngine.calls.find(call => call.name === 'profile')?.args)).to.deep.equal([{ name: 'Mara L.', bio: 'Ink.' }])
  })

  it('keeps the name that is being typed while the state of things changes', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await page.getByLabel('Your name').fill('Mara L.')
    await page.evaluate(() => { window.testEngine.session({ unsafe: true, following: [] }) })
    await page.getByText('Your wall lives only in this browser').waitFor()
    expect(await page.getByLabel('Your name').inputValue()).to.equal('Mara L.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await page.getByLabel('Your name').inputValue()).to.equal('Mara L.')
  })

  it('makes an invite, to copy or to scan', async () => {
    const page = await app.open('mixed', { hash: '#/settings', permissions: ['clipboard-read', 'clipboard-write'] })

    await page.getByRole('button', { name: 'Make an invite link' }).click()
    expect(await page.getByLabel('Invite link').inputValue()).to.match(/#i=/)
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(async () => navigator.clipboard.readText())).to.match(/#i=/)
    await page.getByRole('button', { name: 'Show as a code' }).click()
    await page.getByRole('img', { name: 'A code to scan with a phone' }).waitFor()
    await page.getByRole('button', { name: 'Show the public link' }).click()
    await page.getByLabel('Public link').waitFor()
  })

  it('saves a backup once the passphrase is the same twice', async () => {
    const page = await app.open('empty', { hash: '#/settings' })
    const save = page.getByRole('button', { name: 'Save a backup' })

    await page.getByLabel('Passphrase', { exact: true }).fill('short')
    await save.click()
    await page.getByText('Please use 8 characters or more.').waitFor()
    await page.getByLabel('Passphrase', { exact: true }).fill('long enough')
    await page.getByLabel('The passphrase again').fill('long enouhg')
    await save.click()
    await page.getByText('The two are not the same.').waitFor()
    await page.getByLabel('The passphrase again').fill('long enough')

    const [download] = await Promise.all([page.waitForEvent('download'), save.click()])

    expect(download.suggestedFilename()).to.match(/^notes-\d{4}-\d\d-\d\d\.backup$/)
    await page.getByText('Keep the file somewhere else').waitFor()
    expect(await page.evaluate(() => window.testEngine.calls.filter(call => call.name === 'backup').map(call => call.args))).to.deep.equal([['long enough']])
  })

  it('shows how far a backup is once it takes longer than a second', async () => {
    const page = await app.open('empty', { hash: '#/settings' })

    await page.evaluate(() => { window.testEngine.hold() })
    await page.getByLabel('Passphrase', { exact: true }).fill('long enough')
    await page.getByLabel('The passphrase again').fill('long enough')
    await page.getByRole('button', { name: 'Save a backup' }).click()
    await page.getByRole('button', { name: 'Packing…' }).waitFor()
    await page.evaluate(() => { window.testEngine.progress({ unit: 'entries', done: 1_500, total: 12_000, speed: 2_345 }) })
    await page.getByText('1,500 of 12,000 entries · 2,345/s').waitFor()

    const [download] = await Promise.all([page.waitForEvent('download'), page.evaluate(() => { window.testEngine.release() })])

    expect(download.suggestedFilename()).to.match(/\.backup$/)
  })

  it('pairs a home, and says how it goes', async () => {
    const page = await app.open('empty', { hash: '#/settings' })

    await page.getByRole('button', { name: 'Pair your home' }).click()
    expect(await page.getByLabel('Command for your home').inputValue()).to.match(/^npx pergola pair 'https:\/\/relay\.example\/#p=/)
    await page.getByText('Waiting for your home…').waitFor()
    await page.evaluate(() => { window.testEngine.pairing({ state: 'connecting' }) })
    await page.getByText('Your home is here').waitFor()
    await page.evaluate(() => { window.testEngine.pairing({ state: 'done' }) })
    await page.getByText('Paired. Your home now keeps your wall.').waitFor()
  })

  async function answerCode (answer: string): Promise<Page> {
    const page = await app.open('empty', { hash: '#/settings' })

    await page.getByRole('button', { name: 'Pair your home' }).click()
    await page.evaluate(() => { window.testEngine.pairing({ state: 'confirm', asked: { code: '012345', device: 'attic' } }) })
    await page.getByText('012 345').waitFor()
    await page.getByText('attic').waitFor()
    await page.getByRole('button', { name: answer, exact: true }).click()

    return page
  }

  it('shows the code of a home that wants to be paired, and pairs it when it is the same', async () => {
    const page = await answerCode('Yes, the same')

    await page.getByText('Paired. Your home now keeps your wall.').waitFor()
    expect(await page.evaluate(() => window.testEngine.calls.filter(call => call.name === 'confirmPairing').map(call => call.args))).to.deep.equal([[true]])
  })

  it('does not pair a home that shows another code', async () => {
    const page = await answerCode('No')

    await page.getByText('The codes were not the same').waitFor()
    expect(await page.evaluate(() => window.testEngine.calls.filter(call => call.name === 'confirmPairing').map(call => call.args))).to.deep.equal([[false]])
  })

  it('offers another link when one is too old', async () => {
    const page = await app.open('empty', { hash: '#/settings' })

    await page.getByRole('button', { name: 'Pair your home' }).click()
    await page.evaluate(() => { window.testEngine.pairing({ state: 'expired' }) })
    await page.getByText('This link is too old now.').waitFor()
    await page.getByRole('button', { name: 'Make a new one' }).waitFor()
  })

  it('warns while the wall is nowhere else', async () => {
    const page = await app.open('empty', { hash: '#/settings' })

    await page.getByText('Your wall lives only in this browser').waitFor()
    await page.evaluate(() => { window.testEngine.session({ unsafe: false }) })
    await page.getByText('Your wall is kept in more than one place.').waitFor()
  })

  it('switches direct connections and the language', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await page.getByRole('switch', { name: 'Connect directly with friends' }).click()
    expect(await page.evaluate(() => window.testEngine.calls.find(call => call.name === 'setDirect')?.args)).to.deep.equal([false])
    await page.getByLabel('Language').selectOption('zh-CN')
    await page.getByRole('heading', { name: '设置' }).waitFor()
    expect(await page.title()).to.equal('设置 · Notes')
  })
})
