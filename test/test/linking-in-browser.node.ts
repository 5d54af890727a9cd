import { expect } from 'aegir/chai'
import { createStage } from '../src/accept/stage.ts'
import { goTo, isGreen, joinAs, post, postOf, startRelay, takePhotos } from '../src/accept/stories/first-light/people.ts'
import type { Stage } from '../src/accept/stage.ts'
import type { Page } from 'playwright-core'

describe('[A6] a second device, in real browsers', function () {
  this.timeout(180_000)

  let stage: Stage

  beforeEach(async () => { stage = await createStage('linking-in-browser', new AbortController().signal) })
  afterEach(async () => { await stage.clear() })

  async function openDevices (page: Page): Promise<void> {
    await goTo(page, 'Settings')
    await page.getByRole('link', { name: 'See or add devices' }).click()
  }

  it('is linked with a link and a code, has the wall with its pictures, writes, and is no longer one once it is closed', async () => {
    const { context } = stage
    const { ready } = await startRelay(context)
    const { page: laptop } = await context.open('laptop')

    await laptop.goto(ready.url)
    await joinAs(laptop, 'Ada')
    await isGreen(laptop)
    await post(laptop, 'With a picture', await takePhotos(laptop, context.work, 1, 900, 600))
    await openDevices(laptop)
    await laptop.getByRole('button', { name: 'Show a link and a code' }).click()

    const link = await laptop.getByLabel('Link for your other device').inputValue()
    const { page: phone } = await context.open('phone')

    await phone.goto(link)
    await phone.getByLabel('What should this device be called?').fill('Phone')
    await phone.getByRole('button', { name: 'Link this device' }).click()
    await phone.locator('.pairing-code').waitFor()
    expect(await phone.locator('.pairing-code').innerText()).to.match(/^\d{3} \d{3}$/)
    await laptop.locator('.pairing-code').waitFor()
    expect(await laptop.locator('.pairing-code').innerText()).to.equal(await phone.locator('.pairing-code').innerText())
    await laptop.getByRole('button', { name: 'Yes' }).click()
    await laptop.getByText('Added. It now has your wall.').waitFor()
    await postOf(phone, 'With a picture').locator('.painted').first().waitFor({ timeout: 60_000 })
    await isGreen(phone)
    await post(phone, 'From the phone')
    await laptop.locator('.devices bdi').getByText('Phone').waitFor({ timeout: 60_000 })
    await goTo(laptop, 'Home')
    await postOf(laptop, 'From the phone').waitFor({ timeout: 60_000 })

    await openDevices(laptop)
    await laptop.getByRole('button', { name: 'Phone is stolen or lost' }).click()
    await laptop.getByRole('button', { name: 'Close it' }).click()
    await laptop.getByRole('dialog').waitFor({ state: 'detached' })
    await laptop.getByRole('button', { name: 'Phone is stolen or lost' }).waitFor({ state: 'detached' })
    await goTo(laptop, 'Home')
    await postOf(laptop, 'From the phone').waitFor()
  })
})
