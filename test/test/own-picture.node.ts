import { expect } from 'aegir/chai'
import { createStage } from '../src/accept/stage.ts'
import { goTo, isGreen, joinAs, post, postOf, startRelay, takePhotos } from '../src/accept/stories/first-light/people.ts'
import type { Stage } from '../src/accept/stage.ts'

describe('a picture of oneself, in real browsers', () => {
  let stage: Stage

  beforeEach(async () => { stage = await createStage('own-picture', new AbortController().signal) })
  afterEach(async () => { await stage.clear() })

  it('is seen by whoever opens the wall, and stays when the author writes or changes the name', async function () {
    this.timeout(180_000)

    const { context } = stage
    const { ready } = await startRelay(context)
    const { page } = await context.open('ada')

    await page.goto(ready.url)
    await joinAs(page, 'Ada')
    await isGreen(page)

    const [photo] = await takePhotos(page, context.work, 1, 900, 600)

    await goTo(page, 'Settings')
    await page.locator('.own-picture input').setInputFiles(photo)
    await page.getByRole('button', { name: 'Use it' }).click()
    await page.locator('.own-picture .painted').waitFor()
    await page.getByLabel('Your name').fill('Ada L.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).last().waitFor()
    await page.getByRole('button', { name: 'Make an invite link' }).click()

    const invite = await page.getByLabel('Invite link').inputValue()

    await goTo(page, 'Home')
    await post(page, 'With a face')
    await postOf(page, 'With a face').locator('.avatar .painted').waitFor()
    await page.reload()
    await postOf(page, 'With a face').locator('.avatar .painted').waitFor()

    const friend = await context.open('friend')

    await friend.page.goto(invite)
    await friend.page.getByRole('heading', { name: 'Ada L.' }).waitFor()
    await friend.page.locator('.wall-head .avatar .painted').waitFor()
    await postOf(friend.page, 'With a face').locator('.avatar .painted').waitFor()

    // square, and as small as it needs to be
    expect(await friend.page.locator('.wall-head .avatar .photo-sharp').evaluate(image => {
      const { naturalWidth, naturalHeight } = image as HTMLImageElement

      return [naturalWidth, naturalHeight]
    })).to.deep.equal([512, 512])
  })
})
