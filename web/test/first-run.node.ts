import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'

describe('first run', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  it('goes from nothing to the first post by keyboard alone', async () => {
    const page = await app.open('new')
    const { keyboard } = page

    await page.getByRole('textbox', { name: 'Your name' }).and(page.locator(':focus')).waitFor()
    await keyboard.type('Ada')
    await keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Write something' }).waitFor()

    for (let presses = 0; await page.getByRole('textbox', { name: 'Write something' }).and(page.locator(':focus')).count() === 0; presses++) {
      expect(presses).to.be.below(20)
      await keyboard.press('Tab')
    }

    await keyboard.type('Hello')

    for (let presses = 0; await page.getByRole('button', { name: 'Post', exact: true }).and(page.locator(':focus')).count() === 0; presses++) {
      expect(presses).to.be.below(5)
      await keyboard.press('Tab')
    }

    await keyboard.press('Enter')
    await page.getByRole('article').getByText('Hello').waitFor()
    await page.getByRole('article').getByText('On this device').waitFor()
  })

  it('shows a wall under the name that is being typed', async () => {
    const page = await app.open('new')

    await page.getByLabel('Your name').fill('Zoë')
    expect(await page.locator('.demo-name').textContent()).to.equal('Zoë')
    expect(await page.locator('.demo .avatar').textContent()).to.equal('Z')
  })

  it('asks for a name in one sentence when there is none', async () => {
    const page = await app.open('new')

    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('alert').getByText('Please type a name.').waitFor()
    await page.getByLabel('Your name').fill('Ada')
    expect(await page.getByRole('alert').count()).to.equal(0)
  })

  it('restores from a backup, and says when the passphrase is wrong', async () => {
    const page = await app.open('new')

    await page.getByRole('button', { name: 'Restore from a backup' }).click()
    await page.getByRole('heading', { name: 'Restore from a backup' }).waitFor()
    await page.getByLabel('Backup file').setInputFiles({ name: 'notes.backup', mimeType: 'application/octet-stream', buffer: Buffer.from('backup') })
    await page.getByLabel('Passphrase').fill('wrong')
    await page.evaluate(() => { window.testEngine.fail('restore', { code: 'wrong-passphrase', detail: '' }) })
    await page.getByRole('button', { name: 'Restore' }).click()
    await page.getByText('The passphrase is not the right one.').waitFor()
    await page.getByLabel('Passphrase').fill('right')
    await page.evaluate(() => { window.testEngine.hold() })
    await page.getByRole('button', { name: 'Restore' }).click()
    await page.getByRole('button', { name: 'Opening the backup…' }).waitFor()
    await page.evaluate(() => { window.testEngine.progress({ unit: 'entries', done: 500, total: 1_100, speed: 900 }) })
    await page.getByText('500 of 1,100 entries · 900/s').waitFor()
    await page.evaluate(() => { window.testEngine.release() })
    await page.getByLabel('Write something').waitFor()
  })

  it('shows the wall of whoever invited before anything is asked, and follows it after Join', async () => {
    const page = await app.open('invited', { hash: '#i=friend0' })

    await page.getByRole('heading', { name: 'Anna Forsell' }).waitFor()
    await page.getByText('Twelve kilometres along the shore').waitFor()
    expect(await page.getByRole('button', { name: 'Follow' }).count()).to.equal(0)
    await page.getByLabel('Your name').fill('Ada')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByLabel('Write something').waitFor()
    await page.getByRole('article').getByText('Twelve kilometres along the shore').waitFor()
    expect(await page.evaluate(() => window.testEngine.calls.filter(call => call.name === 'join' || call.name === 'follow'))).to.deep.equal([
      { name: 'join', args: [{ name: 'Ada' }] },
      { name: 'follow', args: ['friend0'] }
    ])
    expect(new URL(page.url()).hash).to.equal('#/')
  })

  it('keeps the typed name while the state of things changes', async () => {
    const page = await app.open('invited', { hash: '#i=friend0' })

    await page.getByLabel('Your name').fill('Ada')
    await page.evaluate(() => { window.testEngine.session({ invitedBy: { id: 'friend0', name: 'Anna' } }) })
    await page.evaluate(() => { window.testEngine.light('red') })
    await page.getByText('You are offline').waitFor()
    expect(await page.getByLabel('Your name').inputValue()).to.equal('Ada')
  })

  it('opens an invite for somebody who has a wall, without asking again', async () => {
    const page = await app.open('empty', { hash: '#i=friend0' })

    await page.getByRole('button', { name: 'Follow' }).click()
    await page.getByRole('button', { name: 'Following' }).waitFor()
    expect(new URL(page.url()).hash).to.equal('#/w/friend0')
  })

  it('says in one sentence that a link cannot be read', async () => {
    const page = await app.open('new', { hash: '#i=broken' })

    await page.getByText('This link cannot be read.').waitFor()
    await page.getByRole('button', { name: 'Go to the first page' }).click()
    await page.getByLabel('Your name').waitFor()
  })

  it('says why nothing can be opened', async () => {
    const page = await app.open('broken')

    await page.getByText('The browser does not let this page keep anything.').waitFor()
    await page.getByRole('button', { name: 'Load again' }).waitFor()
  })

  it('speaks the language of the browser until another is chosen', async () => {
    const context = await app.browser.newContext({ locale: 'zh-CN' })
    const page = await context.newPage()

    await page.goto(`${app.url}?scene=new`)
    await page.getByLabel('你的名字').waitFor()
    expect(await page.locator('html').getAttribute('lang')).to.equal('zh-CN')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByLabel('Your name').waitFor()
    await page.reload()
    await page.getByLabel('Your name').waitFor()
    expect(await page.locator('html').getAttribute('lang')).to.equal('en')
    await context.close()
  })
})
