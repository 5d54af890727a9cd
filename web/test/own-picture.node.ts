import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'
import type { Page } from 'playwright-core'

/** What is in the file besides the picture */
const SECRET = 'where it was taken'

/** A photograph of 400 × 200 pixels, red on the left and blue on the right, with metadata */
async function photograph (page: Page): Promise<{ name: string, mimeType: string, buffer: Buffer }> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(400, 200)
    const pen = canvas.getContext('2d')

    for (const [at, colour] of ['#f00', '#00f'].entries()) {
      if (pen != null) {
        pen.fillStyle = colour
        pen.fillRect(at * 200, 0, 200, 200)
      }
    }

    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 })).arrayBuffer())

    return btoa(String.fromCharCode(...bytes))
  })
  const jpeg = Buffer.from(base64, 'base64')
  const exif = Buffer.from(`Exif\0\0${SECRET}`, 'latin1')
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2])

  return { name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]) }
}

/** The last picture that was saved: its measures, the colour in its middle, and its bytes as text */
async function saved (page: Page): Promise<{ width: number, height: number, colour: number[], text: string }> {
  return page.evaluate(async () => {
    const profile = window.testEngine.calls.findLast(call => call.name === 'profile')?.args[0] as { avatar: Blob }
    const { width, height, ...bitmap } = await createImageBitmap(profile.avatar).then(bitmap => ({ width: bitmap.width, height: bitmap.height, bitmap }))
    const pen = new OffscreenCanvas(width, height).getContext('2d')

    pen?.drawImage(bitmap.bitmap, 0, 0)

    const [red, green, blue] = pen?.getImageData(Math.floor(width / 2), Math.floor(height / 2), 1, 1).data ?? []

    return { width, height, colour: [red, green, blue].map(value => Math.round(value / 255)), text: new TextDecoder('latin1').decode(await profile.avatar.arrayBuffer()) }
  })
}

describe('a picture of oneself', () => {
  let app: TestApp

  before(async () => { app = await startTestApp() })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  async function choose (page: Page): Promise<void> {
    await page.locator('.own-picture input').setInputFiles(await photograph(page))
    await page.getByRole('dialog', { name: 'What should be seen?' }).waitFor()
  }

  it('is cut to a square by keyboard, holds nothing but the picture, and is shown wherever one is', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await choose(page)
    await page.getByLabel('Left or right').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Choose another' }).waitFor()

    const { text, ...picture } = await saved(page)

    expect(picture).to.deep.equal({ width: 200, height: 200, colour: [0, 0, 1] })
    expect(text).to.not.include(SECRET)
    await page.locator('.header .avatar .painted').waitFor()
    await page.locator('.own-picture .avatar .painted').waitFor()
    await page.getByRole('link', { name: 'My wall' }).click()
    await page.locator('.wall-head .avatar .painted').waitFor()
    await page.locator('.post .avatar .painted').first().waitFor()
  })

  it('keeps name and words, and the picture when these change', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await choose(page)
    await page.getByRole('button', { name: 'Use it' }).click()
    await page.getByRole('button', { name: 'Choose another' }).waitFor()
    await page.getByLabel('Your name').fill('Mara L.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).first().waitFor()

    const [first, second] = await page.evaluate(() => window.testEngine.calls.filter(call => call.name === 'profile').map(call => {
      const { name, bio, avatar } = call.args[0] as { name: string, bio?: string, avatar?: Blob }

      return { name, hasWords: bio != null, avatar: avatar?.constructor.name ?? 'kept' }
    }))

    expect(first).to.deep.equal({ name: 'Mara Lind', hasWords: true, avatar: 'Blob' })
    expect(second).to.deep.equal({ name: 'Mara L.', hasWords: true, avatar: 'kept' })
    expect(await page.locator('.own-picture .avatar .photo').count()).to.equal(1)
  })

  it('follows the hand, and comes closer', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await choose(page)

    const stage = await page.locator('.crop-stage').boundingBox()

    if (stage == null) {
      throw new Error('There is nothing to drag')
    }

    await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height / 2)
    await page.mouse.down()
    await page.mouse.move(stage.x + stage.width * 2, stage.y + stage.height / 2, { steps: 4 })
    await page.mouse.up()
    expect(await page.getByLabel('Left or right').inputValue()).to.equal('0')
    expect(await page.getByLabel('Up or down').isDisabled()).to.equal(true)
    await page.getByLabel('Closer').focus()
    await page.keyboard.press('End')
    expect(await page.getByLabel('Up or down').isDisabled()).to.equal(false)
    await page.getByRole('button', { name: 'Use it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((({ width, height, colour }) => ({ width, height, colour }))(await saved(page))).to.deep.equal({ width: 50, height: 50, colour: [1, 0, 0] })
  })

  it('can be taken away again', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await choose(page)
    await page.getByRole('button', { name: 'Use it' }).click()
    await page.getByRole('button', { name: 'Remove it' }).click()
    await page.getByRole('button', { name: 'Choose a picture' }).and(page.locator(':focus')).waitFor()
    expect(await page.evaluate(() => (window.testEngine.calls.findLast(call => call.name === 'profile')?.args[0] as { avatar: null }).avatar)).to.equal(null)
    expect(await page.locator('.header .avatar').textContent()).to.equal('M')
    expect(await page.locator('.header .avatar .photo').count()).to.equal(0)
  })

  it('says why a file is none, and keeps the dialog when saving fails', async () => {
    const page = await app.open('mixed', { hash: '#/settings' })

    await page.locator('.own-picture input').setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') })
    await page.getByText('This kind of picture cannot be read here.').waitFor()
    await choose(page)
    await page.evaluate(() => { window.testEngine.fail('profile', { code: 'storage-full', detail: '' }) })
    await page.getByRole('button', { name: 'Use it' }).click()
    await page.getByRole('dialog').getByText('There is no space left on this device.').waitFor()
    await page.getByRole('button', { name: 'Use it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('gives the focus back, and axe finds nothing', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await app.open('mixed', { hash: '#/settings', colorScheme, viewport: { width: 360, height: 740 } })

      await page.getByRole('button', { name: 'Choose a picture' }).focus()
      await choose(page)

      const { violations } = await new AxeBuilder({ page }).analyze()

      expect(violations.map(({ id }) => id)).to.deep.equal([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(360)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Choose a picture' }).and(page.locator(':focus')).waitFor()
      await page.context().close()
    }
  })
})
