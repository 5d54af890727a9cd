import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/tabs.ts'
import type { BrowserContext, Page } from 'playwright-core'

describe('one engine for all tabs', () => {
  let app: TestApp
  let context: BrowserContext

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  beforeEach(async () => { context = await app.browser.newContext() })
  afterEach(async () => { await context.close() })

  async function open (query = ''): Promise<Page> {
    const page = await context.newPage()

    await page.goto(`${app.url}tabs.html${query}`)
    await page.waitForFunction(() => 'engine' in window)

    return page
  }

  /** A tab that leads, and one that does not */
  async function two (): Promise<[Page, Page]> {
    const leader = await open()

    await leader.waitForFunction(() => window.led != null)

    const other = await open()

    await other.evaluate(async () => new Promise<void>(resolve => { window.engine.watchSession(() => { resolve() }) }))

    return [leader, other]
  }

  it('makes one engine, in the first tab', async () => {
    const pages = await two()

    expect(await Promise.all(pages.map(async page => page.evaluate(() => window.made)))).to.deep.equal([1, 0])
  })

  it('elects one of several tabs that open at once', async () => {
    const pages = await Promise.all([open(), open(), open()])

    await Promise.all(pages.map(async page => page.evaluate(async () => window.engine.publicLink())))

    expect(await Promise.all(pages.map(async page => page.evaluate(() => window.made)))).to.have.members([0, 0, 1])
  })

  it('answers calls of another tab, with what they reject with', async () => {
    const [, other] = await two()

    expect(await other.evaluate(async () => window.engine.openLink('#i=friend0'))).to.have.property('name', 'Anna Forsell')
    expect(await other.evaluate(async () => window.engine.openLink('nobody').catch(error => ({ name: error.name, problem: error.problem })))).to.deep.equal({
      name: 'EngineError',
      problem: { code: 'unknown-id', detail: 'nobody' }
    })
  })

  it('tells another tab what changes, until it does not listen any more', async () => {
    const [leader, other] = await two()

    expect(await other.evaluate(async () => {
      const { promise, resolve } = Promise.withResolvers<string>()
      const stop = window.engine.watchTimeline(page => {
        if (page.posts[0]?.text === 'fresh') {
          stop()
          resolve(page.posts[0].text)
        }
      })

      await window.engine.post({ text: 'fresh', pictures: [] })

      return promise
    })).to.equal('fresh')
    await leader.waitForFunction(() => window.led?.watching() === 1)
  })

  it('carries files both ways, and progress', async () => {
    const [leader, other] = await two()

    await leader.evaluate(() => { window.led?.hold() })
    await other.evaluate(async () => {
      const canvas = new OffscreenCanvas(8, 4)

      canvas.getContext('2d')?.fillRect(0, 0, 4, 4)

      const file = await canvas.convertToBlob()
      const progress: unknown[] = []

      Object.assign(window, { progress, posted: window.engine.post({ text: 'photo', pictures: [{ file, alt: 'dark' }] }, step => { progress.push(step) }) })
    })
    await leader.waitForFunction(() => window.led?.calls.some(call => call.name === 'post') === true)
    await leader.evaluate(() => { window.led?.progress({ unit: 'bytes', done: 1, total: 2, speed: 3 }) })
    await other.waitForFunction(() => (window as unknown as { progress: unknown[] }).progress.length === 1)
    await leader.evaluate(() => { window.led?.release() })

    expect(await other.evaluate(async () => {
      await (window as unknown as { posted: Promise<string> }).posted

      const page = await new Promise<{ posts: Array<{ pictures: Array<{ small: { media: { cid: string, type: string, owner: string } } }> }> }>(resolve => { window.engine.watchTimeline(resolve) })
      const blob = await window.engine.media(page.posts[0].pictures[0].small.media)

      return [blob instanceof Blob, blob.type, blob.size > 50]
    })).to.deep.equal([true, 'image/png', true])
  })

  it('tells the other tab how far a backup is', async () => {
    const [leader, other] = await two()

    await leader.evaluate(() => { window.led?.hold() })
    await other.evaluate(() => {
      const progress: unknown[] = []

      Object.assign(window, { progress, backup: window.engine.backup('long enough', step => { progress.push(step) }) })
    })
    await leader.waitForFunction(() => window.led?.calls.some(call => call.name === 'backup') === true)
    await leader.evaluate(() => { window.led?.progress({ unit: 'entries', done: 1, total: 2, speed: 3 }) })
    await other.waitForFunction(() => (window as unknown as { progress: unknown[] }).progress.length === 1)
    expect(await other.evaluate(() => (window as unknown as { progress: unknown[] }).progress)).to.deep.equal([{ unit: 'entries', done: 1, total: 2, speed: 3 }])
    await leader.evaluate(() => { window.led?.release() })
    expect(await other.evaluate(async () => (await (window as unknown as { backup: Promise<Blob> }).backup).size)).to.be.greaterThan(0)
  })

  it('stops in the other tab what is aborted in this one', async () => {
    const [leader, other] = await two()

    await leader.evaluate(() => { window.led?.hold() })

    expect(await other.evaluate(async () => {
      const controller = new AbortController()
      const media = window.engine.media({ cid: 'sea-12-small', type: 'image/jpeg', owner: '' }, { signal: controller.signal })

      controller.abort()

      return media.catch(error => error.name)
    })).to.equal('AbortError')
  })

  it('goes on in another tab when the one that led is closed', async () => {
    const [leader, other] = await two()
    const third = await open()

    await third.evaluate(() => {
      Object.assign(window, { seen: [] })
      window.engine.watchWall('friend0', page => { (window as unknown as { seen: string[] }).seen.push(page.person.name) })
    })
    await third.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length === 1)
    await leader.close()
    await other.waitForFunction(() => window.made === 1)
    await third.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length >= 2)

    expect(await third.evaluate(() => window.made)).to.equal(0)
    expect(await third.evaluate(async () => window.engine.openLink('#i=friend1'))).to.have.property('name', 'Tom Okafor')
  })

  it('asks the next leader again for what may be done twice, and says that the rest was interrupted', async () => {
    const [leader, other] = await two()

    await leader.evaluate(() => { window.led?.hold() })
    await other.evaluate(() => {
      Object.assign(window, {
        posted: window.engine.post({ text: 'x', pictures: [] }).catch(error => error.problem.code),
        picture: window.engine.media({ cid: 'sea-12-small', type: 'image/jpeg', owner: '' })
      })
    })
    await leader.waitForFunction(() => window.led?.calls.filter(call => call.name === 'post' || call.name === 'media').length === 2)
    await leader.close()

    expect(await other.evaluate(async () => (window as unknown as { posted: Promise<string> }).posted)).to.equal('interrupted')
    expect(await other.evaluate(async () => (await (window as unknown as { picture: Promise<Blob> }).picture).type)).to.equal('image/jpeg')
  })

  it('forgets what a closed tab listened to', async () => {
    const [leader, other] = await two()

    await other.evaluate(() => { window.engine.watchConnection(() => {}) })
    await leader.waitForFunction(() => window.led?.watching() === 2)
    await other.close()
    await leader.waitForFunction(() => window.led?.watching() === 0)
  })

  it('hands over when it is stopped, and can be stopped twice', async () => {
    const [leader, other] = await two()

    await leader.evaluate(async () => {
      await window.engine.stop()
      await window.engine.stop()
    })
    await other.waitForFunction(() => window.made === 1)
  })

  it('says why there is no engine', async () => {
    const page = await open('?broken')

    expect(await page.evaluate(async () => new Promise(resolve => { window.engine.watchSession(session => { resolve(session.problem) }) }))).to.deep.equal({ code: 'storage-refused', detail: 'no' })
    expect(await page.evaluate(async () => window.engine.join({ name: 'x' }).catch(error => error.problem.code))).to.equal('storage-refused')
  })
})
