import { join } from 'node:path'
import { takeScreenshots } from '../../../screenshots.ts'
import { joinAs, must, post, sees, startRelay, takePhotos } from './people.ts'
import type { State } from './people.ts'
import type { Step } from '../../story.ts'

const LOCALES = ['en-US', 'zh-CN'] as const
const WORDS = {
  'en-US': { name: 'Ada', text: 'One photo, from this morning.' },
  'zh-CN': { name: '小雨', text: '今天早上的一张照片。' }
} as const

/** Pictures of the five states, for people to look at */
export const looks: Array<Step<State>> = [
  ...LOCALES.map((locale): Step<State> => ({
    name: `first run, empty, one photo, offline are pictured in ${locale}`,
    needs: ['a relay starts with one command and prints an invite'],
    async run (context, state) {
      const browser = await context.open(`looks-${locale}`, { locale })
      const { page } = browser
      const folder = join(context.out, 'states')
      const { name, text } = WORDS[locale]
      const field = page.getByRole('textbox')

      await page.goto(state.relayUrl)
      await field.first().waitFor()
      await takeScreenshots(page, folder, `first-run-${locale}`)

      if (locale === 'en-US') {
        await joinAs(page, name)
      } else {
        await field.first().fill(name)
        await field.first().press('Enter')
        await page.getByRole('textbox').first().waitFor()
      }

      await page.locator('[data-light=green]').first().waitFor({ timeout: 30_000 })
      await takeScreenshots(page, folder, `empty-${locale}`)

      const photos = await takePhotos(page, context.work, 1, 1600, 1200)

      if (locale === 'en-US') {
        await post(page, text, photos)
      } else {
        await page.getByRole('textbox').first().fill(text)
        await page.locator('input[type=file]').first().setInputFiles(photos)
        await page.locator('form button[type=submit]').first().click()
        await sees(page, text)
      }

      await page.locator('article img').first().waitFor()
      await takeScreenshots(page, folder, `one-photo-${locale}`)
      await must(state.relay, 'relay').stop()
      await page.context().setOffline(true)
      await page.locator('[data-light=red]').first().waitFor({ timeout: 60_000 })
      await takeScreenshots(page, folder, `offline-${locale}`)
      await browser.close()
      state.relay = (await startRelay(context)).program
    }
  })),
  {
    name: 'a long wall with many photos is pictured',
    needs: ['the author opens the browser again: everything is there before the network is'],
    async run (context, state) {
      await takeScreenshots(must(state.author, 'author').page, join(context.out, 'states'), 'long-wall')
    }
  }
]
