import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { createStage } from '../src/accept/stage.ts'
import { goTo, isGreen, joinAs, post, postOf, startRelay, takePhotos } from '../src/accept/stories/first-light/people.ts'
import type { Stage } from '../src/accept/stage.ts'
import type { Page } from 'playwright-core'

const PASSPHRASE = 'a long summer in the north'

describe('[A8] everything as one file, in real browsers', function () {
  this.timeout(180_000)

  let stage: Stage

  beforeEach(async () => { stage = await createStage('archive-in-browser', new AbortController().signal) })
  afterEach(async () => { await stage.clear() })

  async function save (page: Page, file: string, passphrase?: string): Promise<void> {
    await goTo(page, 'Settings')
    await page.getByRole('link', { name: 'Save or open a file' }).click()

    if (passphrase != null) {
      await page.getByRole('switch', { name: 'So that I can go on writing from it' }).click()
      await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
      await page.getByLabel('The passphrase again').fill(passphrase)
    }

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the file' }).click()])

    await download.saveAs(file)
    await page.getByText('Saved, with 2 posts.').waitFor()
  }

  async function take (page: Page, url: string, file: string, passphrase: string): Promise<void> {
    await page.goto(url)
    await page.getByRole('link', { name: 'Open a saved file' }).click()
    await page.getByLabel('Saved file').setInputFiles(file)
    await page.getByLabel('Passphrase, if the file has one').fill(passphrase)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await postOf(page, 'Only words').waitFor()
  }

  it('gives another browser the same wall with its pictures: to write with the passphrase, to read without', async () => {
    const { context } = stage
    const { ready } = await startRelay(context)
    const { page } = await context.open('ada')
    const [locked, open] = ['locked.zip', 'open.zip'].map(name => join(context.work, name))

    await page.goto(ready.url)
    await joinAs(page, 'Ada')
    await isGreen(page)
    await post(page, 'Only words')
    await post(page, 'With a picture', await takePhotos(page, context.work, 1, 900, 600))
    await save(page, locked, PASSPHRASE)
    await save(page, open)

    const [writer, reader] = await Promise.all(['writer', 'reader'].map(async name => context.open(name)))

    await take(reader.page, ready.url, open, '')
    await postOf(reader.page, 'With a picture').locator('.painted').first().waitFor()
    expect(await reader.page.getByLabel('Write something').count()).to.equal(0)

    await take(writer.page, ready.url, locked, PASSPHRASE)
    await postOf(writer.page, 'With a picture').locator('.painted').first().waitFor()
    await isGreen(writer.page)
    await post(writer.page, 'From the other browser')
    await goTo(page, 'Home')
    await postOf(page, 'From the other browser').waitFor({ timeout: 60_000 })
  })
})
