import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'

describe('reading', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  it('opens a picture, turns over by keyboard, and gives the focus back', async () => {
    const page = await app.open('mixed')
    const first = page.getByRole('button', { name: 'Open picture: Hills in morning mist' }).first()

    await first.focus()
    await page.keyboard.press('Enter')

    const viewer = page.getByRole('dialog', { name: 'Picture viewer' })

    await viewer.getByRole('img', { name: 'Hills in morning mist' }).waitFor()
    await viewer.getByText('1 of 2').waitFor()
    await page.keyboard.press('ArrowRight')
    await viewer.getByRole('img', { name: 'A calm sea' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await viewer.getByText('2 of 2').waitFor()
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
    await first.and(page.locator(':focus')).waitFor()
  })

  it('keeps the space of a picture that is still loading', async () => {
    const page = await app.open('one')
    const picture = page.locator('.picture').first()

    await page.locator('.photo.painted').first().waitFor()

    const loaded = await picture.boundingBox()
    const width = loaded?.width ?? 0

    expect(width).to.be.above(400)
    expect(Math.abs((loaded?.height ?? 0) - width * 1067 / 1600)).to.be.below(2)
    expect(await picture.evaluate(element => getComputedStyle(element).aspectRatio)).to.match(/^1\.49/)
  })

  it('changes and deletes one’s own posts only', async () => {
    const page = await app.open('mixed')
    const mine = page.getByRole('article').filter({ hasText: 'The exhibition opens' })

    expect(await page.getByRole('article').filter({ hasText: 'Twelve kilometres' }).getByRole('button', { name: 'More' }).count()).to.equal(0)
    await mine.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('textbox', { name: 'Change the text' }).fill('Moved to Friday.')
    await page.getByRole('button', { name: 'Save' }).click()

    const changed = page.getByRole('article').filter({ hasText: 'Moved to Friday.' })

    await changed.getByText('edited').waitFor()
    await changed.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog', { name: 'Delete this post?' }).getByRole('button', { name: 'Cancel' }).click()
    await changed.waitFor()
    await changed.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog', { name: 'Delete this post?' }).getByRole('button', { name: 'Delete' }).click()
    await changed.waitFor({ state: 'detached' })
  })

  it('says where a post is by now, in words', async () => {
    const page = await app.open('one')
    const post = page.getByRole('article')

    await post.getByText('At your relay', { exact: true }).waitFor()
    await page.evaluate(() => { window.testEngine.deliver('p2-me', { state: 'home', relays: 1, home: true }) })
    await post.getByText('At home', { exact: true }).waitFor()
    await page.evaluate(() => { window.testEngine.deliver('p2-me', { state: 'device', relays: 0, home: false }) })
    await post.getByText('On this device', { exact: true }).waitFor()
  })

  it('lets new posts wait while one reads further down', async () => {
    const page = await app.open('many')

    await page.evaluate(() => { window.scrollTo(0, 2000) })
    await page.waitForFunction(() => window.scrollY > 1000)

    const reading = await page.evaluate(() => window.scrollY)

    await page.evaluate(() => {
      for (const text of ['fresh one', 'fresh two']) {
        window.testEngine.arrive({ text, author: { id: 'friend0', name: 'Anna Forsell' } })
      }
    })
    await page.getByRole('button', { name: '2 new posts' }).waitFor()
    expect(await page.getByText('fresh two').count()).to.equal(0)
    expect(await page.evaluate(() => window.scrollY)).to.equal(reading)
    await page.getByRole('button', { name: '2 new posts' }).click()
    await page.getByText('fresh two').waitFor()
    await page.waitForFunction(() => window.scrollY < 300)
    expect(await page.getByRole('button', { name: 'new posts' }).count()).to.equal(0)
  })

  it('tells those who cannot see it that new posts are there', async () => {
    const page = await app.open('mixed')

    await page.getByRole('article').first().waitFor()
    await page.evaluate(() => { window.testEngine.arrive({ text: 'fresh', author: { id: 'friend0', name: 'Anna Forsell' } }) })
    await page.getByRole('status').getByText('1 new post').waitFor()
  })

  it('comes back to where one was', async () => {
    const page = await app.open('many')

    // further down than what is made at first
    await page.waitForFunction(() => {
      window.scrollTo(0, 9000)

      return window.scrollY === 9000
    })

    const { name, text } = await page.evaluate(() => {
      const article = [...document.querySelectorAll('article')].find(article => article.getBoundingClientRect().top > 100)

      return { name: article?.querySelector('.post-author')?.textContent ?? '', text: article?.textContent ?? '' }
    })

    await page.evaluate(() => {
      [...document.querySelectorAll('article')].find(article => article.getBoundingClientRect().top > 100)?.querySelector<HTMLElement>('.post-author')?.click()
    })
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    expect(await page.evaluate(() => window.scrollY)).to.equal(0)
    await page.goBack()
    await page.waitForFunction(() => window.scrollY > 8500)
    expect(await page.evaluate(() => [...document.querySelectorAll('article')].filter(article => Math.abs(article.getBoundingClientRect().top) < 800).map(article => article.textContent))).to.include(text)
  })

  it('makes 500 posts as one scrolls, not at once', async () => {
    const page = await app.open('many')

    await page.getByRole('article').first().waitFor()
    expect(await page.locator('article').count()).to.be.within(20, 80)

    for (let scrolls = 0; await page.locator('article').count() < 500; scrolls++) {
      expect(scrolls).to.be.below(200)

      const count = await page.locator('article').count()

      await page.evaluate(() => { window.scrollTo(0, document.documentElement.scrollHeight) })
      await page.waitForFunction(count => document.querySelectorAll('article').length > count, count)
    }
  })

  it('shows text of strangers as text: no HTML, isolated directions, careful links', async () => {
    const page = await app.open('mixed')

    await page.evaluate(() => { window.testEngine.arrive({ text: '<img src=x onerror="window.hacked=1"> [go](https://b.example/) [no](javascript:alert(1)) שלום', author: { id: 'friend0', name: '\u202Eevil' } }) })

    const post = page.getByRole('article').filter({ hasText: 'onerror' })
    const link = post.getByRole('link', { name: 'go' })

    await post.waitFor()
    expect(await post.locator('img').count()).to.equal(0)
    expect(await link.getAttribute('rel')).to.equal('noopener noreferrer nofollow ugc')
    expect(await link.getAttribute('target')).to.equal('_blank')
    expect(await post.getByRole('link', { name: 'no' }).count()).to.equal(0)
    expect(await post.locator('.prose').getAttribute('dir')).to.equal('auto')
    expect(await post.locator('.post-author bdi').count()).to.equal(1)
  })

  it('says calmly that one is offline, and takes one to the connection', async () => {
    const page = await app.open('offline')

    await page.getByText('You are offline. What you write is kept here and goes out by itself.').waitFor()
    await page.getByRole('link', { name: 'Connection: Offline' }).click()
    await page.getByRole('heading', { name: 'Connection', exact: true }).and(page.locator(':focus')).waitFor()
    await page.getByRole('button', { name: 'Reconnect' }).click()
    expect(await page.evaluate(() => window.testEngine.calls.some(call => call.name === 'reconnect'))).to.equal(true)
  })

  it('names the light in words, whatever its colour', async () => {
    const page = await app.open('mixed')

    for (const [light, words] of [['yellow', 'Connecting'], ['orange', 'Waiting for a relay'], ['red', 'Offline'], ['green', 'Connected']] as const) {
      await page.evaluate(light => { window.testEngine.light(light) }, light)
      await page.getByRole('link', { name: `Connection: ${words}`, exact: true }).waitFor()
    }
  })

  it('shows addresses and peers among the folded technical details only', async () => {
    const page = await app.open('mixed', { hash: '#/connection' })

    await page.getByText('relay.example').first().waitFor()
    expect(await page.getByText('12D3KooW').first().isVisible()).to.equal(false)
    await page.getByText('Technical details').click()
    await page.getByText('12D3KooW').first().waitFor()
  })

  it('says that a wall cannot be reached, and tries again', async () => {
    const page = await app.open('unreachable', { hash: '#/w/friend1' })

    await page.getByText('Nobody who has this wall can be reached right now.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    expect(await page.evaluate(() => window.testEngine.calls.some(call => call.name === 'reconnect'))).to.equal(true)
  })

  it('follows and stops following', async () => {
    const page = await app.open('mixed', { hash: '#/w/friend1' })

    await page.getByRole('button', { name: 'Following' }).click()
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByRole('button', { name: 'Following' }).waitFor()
    expect(await page.evaluate(() => window.testEngine.calls.filter(call => call.name.endsWith('follow')).map(call => call.name))).to.deep.equal(['unfollow', 'follow'])
  })

  it('opens the wall behind a link that is pasted, and refuses others in one sentence', async () => {
    const page = await app.open('empty', { hash: '#/people' })

    await page.getByLabel('A link or an address').fill('nothing')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByText('Nobody is known by this.').waitFor()
    await page.getByLabel('A link or an address').fill('https://relay.example/#i=friend2')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('heading', { name: 'Yusuf' }).and(page.locator(':focus')).waitFor()
  })
})
