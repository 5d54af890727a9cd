import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'
import type { Page } from 'playwright-core'

describe('[A5] recovery words', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  async function openAsked (): Promise<Page> {
    const page = await app.open('empty', { hash: '#/settings' })

    await page.getByRole('link', { name: 'Write them down' }).click()
    await page.getByRole('heading', { name: 'Recovery words' }).and(page.locator(':focus')).waitFor()
    await page.getByRole('button', { name: 'Show the words' }).click()
    await page.getByRole('button', { name: 'I have written them down' }).click()

    return page
  }

  it('are not asked of the engine before somebody wants to see them', async () => {
    const page = await app.open('empty', { hash: '#/words' })

    await page.getByRole('button', { name: 'Show the words' }).waitFor()
    expect(await page.evaluate(() => window.testEngine.calls.length)).to.equal(0)
    await page.getByRole('button', { name: 'Show the words' }).click()
    expect(await page.getByRole('list', { name: 'Your words' }).getByRole('listitem').allInnerTexts()).to.deep.equal(
      ['legal', 'winner', 'thank', 'year', 'wave', 'sausage', 'worth', 'useful', 'legal', 'winner', 'thank', 'yellow'].map((word, at) => `${at + 1}\n${word}`)
    )
  })

  it('are gone from the page before three of them are asked back', async () => {
    const page = await openAsked()

    await page.getByLabel('Word 2').and(page.locator(':focus')).waitFor()
    expect(await page.getByRole('textbox').count()).to.equal(3)
    expect(await page.content()).to.not.include('sausage')
  })

  it('that are wrong are named, and the others may stay', async () => {
    const page = await openAsked()

    await page.getByLabel('Word 2').fill('winner')
    await page.getByLabel('Word 7').fill('wort')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('Not the right word: 7, 11. Look at your paper again.').waitFor()
    await page.getByLabel('Word 7').and(page.locator(':focus')).waitFor()
    expect(await page.getByLabel('Word 2').inputValue()).to.equal('winner')
    expect(await page.evaluate(() => window.testEngine.calls.filter(({ name }) => name === 'keepWords').length)).to.equal(1)
  })

  it('end the warning on the first page once they are known to be on paper', async () => {
    const page = await app.open('empty')

    await page.getByText('Your wall lives only in this browser').waitFor()
    await page.getByRole('link', { name: 'Keep it safe' }).click()
    await page.getByRole('link', { name: 'Write them down' }).click()
    await page.getByRole('button', { name: 'Show the words' }).click()
    await page.getByRole('button', { name: 'I have written them down' }).click()

    for (const [place, word] of [[2, 'winner'], [7, 'worth'], [11, 'thank']]) {
      await page.getByLabel(`Word ${place}`).fill(String(word))
    }

    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('These are right.').waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('You have your recovery words.').waitFor()
    await page.getByRole('link', { name: 'Home' }).click()
    await page.getByLabel('Write something').waitFor()
    expect(await page.getByText('Your wall lives only in this browser').count()).to.equal(0)
  })

  it('that are not on this device are said to be elsewhere', async () => {
    const page = await app.open('empty', { hash: '#/words' })

    await page.evaluate(() => { window.testEngine.fail('recoveryWords', { code: 'no-root', detail: '' }) })
    await page.getByRole('button', { name: 'Show the words' }).click()
    await page.getByText('This can only be done on the device you began with.').waitFor()
  })
})
