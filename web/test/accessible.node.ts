import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { OpenOptions, TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'
import type { Page } from 'playwright-core'

interface Seen {
  name: string
  scene: string
  hash: string
  /** The button that leads there */
  press?: string
}

const PAGES: Seen[] = [
  { name: 'first run', scene: 'new', hash: '' },
  { name: 'restore', scene: 'new', hash: '', press: 'Restore from a backup' },
  { name: 'arrival', scene: 'invited', hash: '#i=friend0' },
  { name: 'empty wall', scene: 'empty', hash: '' },
  { name: 'timeline', scene: 'mixed', hash: '' },
  { name: 'loading', scene: 'loading', hash: '' },
  { name: 'offline', scene: 'offline', hash: '' },
  { name: 'wall', scene: 'mixed', hash: '#/w/friend0' },
  { name: 'people', scene: 'mixed', hash: '#/people' },
  { name: 'settings', scene: 'empty', hash: '#/settings' },
  { name: 'recovery words', scene: 'empty', hash: '#/words' },
  { name: 'recovery words shown', scene: 'empty', hash: '#/words', press: 'Show the words' },
  { name: 'everything as one file', scene: 'empty', hash: '#/archive' },
  { name: 'a file to begin with', scene: 'new', hash: '#/archive' },
  { name: 'devices', scene: 'mixed', hash: '#/devices', press: 'Show a link and a code' },
  { name: 'closing a device', scene: 'mixed', hash: '#/devices', press: 'attic is stolen or lost' },
  { name: 'one more device', scene: 'new', hash: '#/link' },
  { name: 'connection', scene: 'orange', hash: '#/connection' }
]

describe('accessible', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  const expectNothing = async (page: Page): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()

    expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(node => node.html) }))).to.deep.equal([])
  }
  const openPage = async ({ scene, hash, press }: Seen, options: OpenOptions = {}): Promise<Page> => {
    const page = await app.open(scene, { hash, viewport: { width: 360, height: 740 }, ...options })

    if (press != null) {
      await page.getByRole('button', { name: press }).click()
    }

    return page
  }
  const looksAtPage = (seen: Seen, colorScheme: 'light' | 'dark') => async (): Promise<void> => {
    const page = await openPage(seen, { colorScheme })

    await expectNothing(page)
    await page.context().close()
  }
  const looksAtLayers = (colorScheme: 'light' | 'dark') => async (): Promise<void> => {
    const page = await app.open('mixed', { colorScheme })

    await page.getByRole('button', { name: 'Open picture: Hills' }).first().click()
    await page.getByRole('dialog').getByRole('img').waitFor()
    await expectNothing(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'More' }).first().click()
    await expectNothing(page)
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').waitFor()
    await expectNothing(page)
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const seen of PAGES) {
      it(`axe finds nothing: ${seen.name}, ${colorScheme}`, looksAtPage(seen, colorScheme))
    }

    it(`axe finds nothing: picture viewer, menu, question, ${colorScheme}`, looksAtLayers(colorScheme))
  }

  it('targets are 44 px high at least, but for words within text', async () => {
    for (const seen of PAGES) {
      const page = await openPage(seen)
      const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, a.nav-link, a.light, input:not([type=checkbox], .visually-hidden), .people a, select')]
        .filter(element => element.offsetParent != null && element.getBoundingClientRect().height < 44)
        .map(element => element.outerHTML))

      expect(small, seen.name).to.deep.equal([])
      await page.context().close()
    }
  })

  it('nothing is wider than a small phone, also with text twice as large', async () => {
    for (const seen of PAGES) {
      for (const size of ['16px', '32px']) {
        const page = await openPage(seen, { isMobile: true })

        await page.evaluate(size => { document.documentElement.style.fontSize = size }, size)
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `${seen.name} at ${size}`).to.be.at.most(360)
        await page.context().close()
      }
    }
  })

  it('takes the focus to the new page, and past the navigation when asked', async () => {
    const page = await app.open('mixed')

    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Settings' }).and(page.locator(':focus')).waitFor()
    await page.getByRole('link', { name: 'Skip to the content' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('main:focus').waitFor()
  })

  it('moves nothing when less motion is asked for', async () => {
    const page = await app.open('mixed', { reducedMotion: 'reduce' })

    expect(await page.getByRole('button', { name: 'Open picture' }).first().evaluate(element => getComputedStyle(element).transitionDuration)).to.equal('0s')
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--calm'))).to.equal('0s')
  })
})
