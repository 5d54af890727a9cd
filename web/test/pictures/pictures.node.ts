import { fileURLToPath } from 'node:url'
import { expect } from 'aegir/chai'
import { build } from 'vite'
import { launchChromium } from '../browser/chromium.ts'
import { serveFolder } from '../browser/serve.ts'
import type { Failure, PictureTests, Report } from './app/main.ts'
import type { Site } from '../browser/serve.ts'
import type { Browser, Page } from 'playwright-core'

const APP = fileURLToPath(new URL('app', import.meta.url))
const BUILT = fileURLToPath(new URL('../../dist/test-pictures', import.meta.url))
/** One for all files: rolldown does not find what those of other rooms extend */
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
const RED = [255, 0, 0]
const GREEN = [0, 255, 0]
const BLUE = [0, 0, 255]
const YELLOW = [255, 255, 0]

declare const tests: PictureTests

describe('pictures in a browser', function () {
  this.timeout(60_000)
  let site: Site
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  before(async () => {
    await build({
      configFile: false,
      root: APP,
      logLevel: 'error',
      tsconfig: TSCONFIG,
      worker: { format: 'es' },
      build: { outDir: BUILT, emptyOutDir: true, modulePreload: { polyfill: false } }
    })
    site = await serveFolder(BUILT)
    browser = await launchChromium()
    page = await browser.newPage()
    page.on('pageerror', ({ message }) => { complaints.push(message) })
    page.on('console', message => {
      if (message.type() === 'error' && !message.text().includes('favicon') && !message.text().includes('404')) {
        complaints.push(message.text())
      }
    })
    await page.goto(site.url)
    await page.waitForFunction('globalThis.tests != null')
  })

  after(async () => {
    await browser?.close()
    await site?.stop()
  })

  afterEach(() => {
    expect(complaints.splice(0)).to.deep.equal([])
  })

  async function prepare (name: string): Promise<Report> {
    return page.evaluate(async sample => tests.prepare(sample), name)
  }

  async function fail (name: string): Promise<Failure> {
    return page.evaluate(async sample => tests.fail(sample), name)
  }

  function expectClean ({ small, large, blur }: Report): void {
    for (const variant of [small, large, blur]) {
      expect(variant.metadata).to.be.false()
      expect(variant.canary).to.be.false()
    }

    expect(blur.bytes).to.be.within(1, 1024)
    expect(Math.max(blur.width, blur.height)).to.be.at.most(16)
  }

  function expectColours ({ small, large }: Report, colours: number[][]): void {
    for (const { corners } of [small, large]) {
      corners.forEach((corner, i) => {
        colours[i].forEach((value, channel) => { expect(corner[channel]).to.be.closeTo(value, 90) })
      })
    }
  }

  it('[ME16] a photo of 12 megapixels with a place in it', async () => {
    const made = await prepare('photo')

    expect(made.canaryBefore).to.be.true()
    expectClean(made)
    expectColours(made, [RED, GREEN, BLUE, YELLOW])
    expect(made.small).to.include({ type: 'image/jpeg', width: 1280, height: 960 })
    expect(made.large).to.include({ type: 'image/jpeg', width: 2560, height: 1920 })
    expect(made.small.bytes).to.be.below(made.large.bytes)
    expect(made.progress).to.deep.equal([[1, 4], [2, 4], [3, 4], [4, 4]])
    expect(made.milliseconds).to.be.below(5_000)
  })

  it('[ME16] a photo is turned as its EXIF says', async () => {
    const made = await prepare('turned photo')

    expectClean(made)
    expectColours(made, [BLUE, RED, YELLOW, GREEN])
    expect(made.small).to.include({ width: 960, height: 1280 })
    expect(made.large).to.include({ width: 1920, height: 2560 })
  })

  it('[ME16] a PNG with EXIF and texts', async () => {
    const made = await prepare('screenshot')

    expect(made.canaryBefore).to.be.true()
    expectClean(made)
    expect(made.small).to.include({ type: 'image/jpeg', width: 1280, height: 720 })
    expect(made.large).to.include({ width: 1600, height: 900 })
  })

  it('[ME16] what is transparent stays so', async () => {
    const made = await prepare('transparent screenshot')

    expectClean(made)
    expect(made.small).to.include({ type: 'image/webp', width: 600, height: 400 })
    expect(made.small.corners[3][3]).to.equal(0)
    expect(made.small.corners[0][3]).to.equal(255)
    expect(made.same).to.be.true()
  })

  it('[ME16] a WebP with EXIF and XMP', async () => {
    const made = await prepare('webp')

    expect(made.canaryBefore).to.be.true()
    expectClean(made)
    expect(made.small).to.include({ type: 'image/jpeg', width: 1280, height: 640 })
    expect(made.large).to.include({ width: 1400, height: 700 })
  })

  it('[ME16] a picture of a few pixels is not made larger', async () => {
    const made = await prepare('tiny')

    expect(made.small).to.include({ width: 3, height: 1 })
    expect(made.same).to.be.true()
  })

  for (const name of ['heic', 'svg', 'text', 'nothing', 'cut photo', 'no size', 'empty png']) {
    it(`[ME16] refused: ${name}`, async () => {
      expect(await fail(name)).to.deep.equal({ name: 'PictureFormatError', code: 'picture-format' })
    })
  }

  for (const name of ['large file', 'huge picture']) {
    it(`[ME16] one past the limit: ${name}`, async () => {
      expect(await fail(name)).to.deep.equal({ name: 'PictureTooLargeError', code: 'picture-too-large' })
    })
  }

  it('[ME16] a picture that was given up does not hold up the next', async () => {
    expect(await page.evaluate(async () => tests.giveUp())).to.deep.equal({ message: 'enough', next: 3 })
  })
})
