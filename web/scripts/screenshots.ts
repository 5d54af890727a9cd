/** Pictures of every state in both languages, both sizes, both themes, to look at: `node scripts/screenshots.ts [part of a name]` */
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startTestApp } from '../test/browser/test-app.ts'
import type {} from '../test/app/main.tsx'
import type { Page } from 'playwright-core'

const OUT = fileURLToPath(new URL('../../test/out/web/', import.meta.url))

interface State {
  name: string
  scene: string
  hash: string
  whole?: boolean
  act? (page: Page): Promise<void>
}

const STATES: State[] = [
  { name: 'first-run', scene: 'new', hash: '' },
  { name: 'invited', scene: 'invited', hash: '#i=friend0' },
  { name: 'empty', scene: 'empty', hash: '' },
  { name: 'one-photo', scene: 'one', hash: '' },
  { name: 'mixed', scene: 'mixed', hash: '', whole: true },
  { name: 'wall', scene: 'mixed', hash: '#/w/friend0' },
  { name: 'loading', scene: 'loading', hash: '' },
  { name: 'offline', scene: 'offline', hash: '' },
  { name: 'people', scene: 'mixed', hash: '#/people' },
  { name: 'settings', scene: 'empty', hash: '#/settings', whole: true },
  { name: 'words', scene: 'empty', hash: '#/words', act: async page => { await page.locator('.setting .button').click() } },
  { name: 'asking-words', scene: 'empty', hash: '#/words', act: askWords },
  { name: 'archive', scene: 'empty', hash: '#/archive', whole: true, act: async page => { await page.getByRole('switch').last().click() } },
  { name: 'first-archive', scene: 'new', hash: '#/archive' },
  { name: 'devices', scene: 'empty', hash: '#/devices', act: async page => { await page.locator('.setting > .button').click() } },
  { name: 'closing', scene: 'empty', hash: '#/devices', act: async page => { await page.locator('.device-actions').nth(1).locator('button').last().click() } },
  { name: 'linking', scene: 'new', hash: '#/link' },
  { name: 'linking-code', scene: 'new', hash: '#link=abc', act: linkingCode },
  { name: 'connection', scene: 'mixed', hash: '#/connection' },
  { name: 'composing', scene: 'empty', hash: '', act: compose },
  { name: 'viewer', scene: 'mixed', hash: '', act: async page => { await page.locator('.picture').first().click() } },
  { name: 'menu', scene: 'one', hash: '', act: async page => { await page.locator('.post .icon-button').first().click() } },
  { name: 'deleting', scene: 'one', hash: '', act: remove },
  { name: 'inviting', scene: 'empty', hash: '#/settings', whole: true, act: invite },
  { name: 'cropping', scene: 'mixed', hash: '#/settings', act: crop },
  { name: 'restoring', scene: 'new', hash: '', act: async page => { await page.locator('.first-run-aside .link-button').first().click() } },
  { name: 'my-wall', scene: 'mixed', hash: '#/w/me' },
  { name: 'unreachable', scene: 'unreachable', hash: '#/w/friend0' },
  { name: 'broken', scene: 'broken', hash: '' },
  { name: 'resting', scene: 'orange', hash: '#/connection' }
]
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } }

const wanted = process.argv[2] ?? ''
const app = await startTestApp()

await mkdir(OUT, { recursive: true })

for (const { name, scene, hash, whole, act } of STATES) {
  for (const language of ['en', 'zh-CN'] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const file = `${name}-${language}-${size}-${colorScheme}.png`

        if (file.includes(wanted)) {
          const page = await app.open(scene, { language, hash, viewport, colorScheme, isMobile: size === 'phone', deviceScaleFactor: size === 'phone' ? 2 : 1 })

          if (whole === true) {
            // what is not near the window is not drawn: make the window as high as the page
            await page.setViewportSize({ width: viewport.width, height: 3600 })
          }

          await page.waitForLoadState('networkidle')
          await act?.(page)
          await page.locator('.photo:not(.painted)').first().waitFor({ state: 'detached', timeout: 1000 }).catch(() => {})
          await page.screenshot({ path: OUT + file })
          await page.context().close()
        }
      }
    }
  }
}

async function compose (page: Page): Promise<void> {
  const buffer = await readFile(new URL('../public/icon-512.png', import.meta.url))

  await page.locator('textarea').fill('Two from the workshop.\n\nThe second one is still wet.')
  await page.locator('input[type=file]').setInputFiles([{ name: 'a.png', mimeType: 'image/png', buffer }, { name: 'b.png', mimeType: 'image/png', buffer }])
  await page.locator('.picked input').first().fill('A sheet of paper on a red ground')
  await page.locator('.composer-foot .icon-button').nth(1).click()
}

async function askWords (page: Page): Promise<void> {
  await page.locator('.setting .button').click()
  await page.locator('.word-grid').waitFor()
  await page.locator('.setting .button').click()
  await page.locator('form input').first().fill('window')
  await page.locator('form .button').click()
}

async function linkingCode (page: Page): Promise<void> {
  await page.locator('form .button').click()
  await page.evaluate(() => { window.testEngine.linking({ state: 'confirm', code: '482913' }) })
  await page.locator('.pairing-code').waitFor()
}

async function crop (page: Page): Promise<void> {
  const buffer = await readFile(new URL('../screenshots/wall.png', import.meta.url))

  await page.locator('.own-picture input').setInputFiles([{ name: 'me.png', mimeType: 'image/png', buffer }])
  await page.locator('.crop-stage img').waitFor()
}

async function remove (page: Page): Promise<void> {
  await page.locator('.post .icon-button').first().click()
  await page.locator('.menu .grave').first().click()
}

async function invite (page: Page): Promise<void> {
  await page.locator('section.setting > .button').first().click()
  await page.locator('.shared .link-button').first().click()
  await page.locator('.code svg').waitFor()
  await page.locator('section.setting > .button').last().click()
}

const complaints = await app.close()

await app.stop()

if (complaints.length > 0) {
  throw new Error(`The pages complained:\n${complaints.join('\n')}`)
}
