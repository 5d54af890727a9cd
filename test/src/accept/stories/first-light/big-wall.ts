import { check, home, isGreen, must, post, sees, startHome, startRelay, takePhotos } from './people.ts'
import type { State } from './people.ts'
import type { Step, StoryContext } from '../../story.ts'
import type { Page } from 'playwright-core'

/** What the story is about; a smaller number is for a quick look */
const POSTS = Number(process.env.PERGOLA_STORY_POSTS ?? 300)
const PHOTOS = Number(process.env.PERGOLA_STORY_PHOTOS ?? 40)
const POSTED = 'a post with a photograph says "on this device", then "at your relay"'
const WRITTEN = `the author writes ${POSTS} posts, ${PHOTOS} of them with a photo of 12 megapixels`
const AT_HOME = 'everything is at home, and the author closes the browser'

/** Walls are mixed: a line, a few paragraphs, other scripts */
const MORE = [
  '',
  '\n\nThe bakery at the corner has opened again. **Go early.**',
  '\n\n今天风很大，河边几乎没有人。',
  '\n\n> Whoever keeps a diary\n> lives twice.\n\nMy grandmother used to say that, and she kept one for sixty years: thin paper, purple ink, every evening after the radio.',
  '\n\n- bread\n- lamp oil\n- a letter to Noor',
  '\n\nامروز باران آمد.'
]

function textOf (number: number): string {
  return `Number ${number} of many${MORE[number % MORE.length]}`
}

/** What is on the page right now; a long wall has only those posts in the document that are near to what is seen */
async function look (page: Page): Promise<{ numbers: string[], photos: string[] }> {
  return page.evaluate(() => ({
    numbers: [...document.querySelectorAll('article')].flatMap(article => /Number \d+ of many/.exec(article.innerText) ?? []),
    photos: [...document.querySelectorAll<HTMLImageElement>('article img:not([aria-hidden])')]
      .filter(image => image.complete && image.naturalWidth > 64)
      .flatMap(image => /Number \d+ of many/.exec(image.closest('article')?.innerText ?? '') ?? [])
  }))
}

/** Reads the wall to its end as a newcomer, and waits for every photograph on the way */
async function readAll (context: StoryContext, page: Page): Promise<void> {
  await sees(page, `Number ${POSTS} of many`, 60_000)

  const start = performance.now()
  const numbers = new Set<string>()
  const photos = new Set<string>()

  while (!numbers.has('Number 1 of many')) {
    context.signal.throwIfAborted()
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLElement>('article button:has(img)')].every(picture => {
      const { top, bottom } = picture.getBoundingClientRect()
      const sharp = picture.querySelector<HTMLImageElement>('img:not([aria-hidden])')

      return bottom < 0 || top > innerHeight || (sharp?.complete === true && sharp.naturalWidth > 64)
    }), undefined, { timeout: 60_000 })

    const seen = await look(page)

    seen.numbers.forEach(number => { numbers.add(number) })
    seen.photos.forEach(number => { photos.add(number) })
    await page.mouse.wheel(0, 500)
    await page.evaluate(async () => new Promise(resolve => { requestAnimationFrame(() => { requestAnimationFrame(resolve) }) }))
  }

  context.note(`${numbers.size} posts and ${photos.size} photos, all read after ${((performance.now() - start) / 1000).toFixed(1)} s`)
  check(numbers.size === POSTS && photos.size === PHOTOS, `${numbers.size} of ${POSTS} posts and ${photos.size} of ${PHOTOS} photos arrived`)
}

/** A long wall, an author who is away, a latecomer */
export const big: Array<Step<State>> = [
  {
    name: WRITTEN,
    needs: [POSTED],
    timeout: 900_000,
    async run (context, state) {
      const { page } = must(state.author, 'author')

      state.photos = await takePhotos(page, context.work, PHOTOS, 4000, 3000)

      for (let number = 1; number <= POSTS; number++) {
        context.signal.throwIfAborted()

        const photo = number % Math.floor(POSTS / PHOTOS) === 0 ? state.photos.pop() : undefined

        await post(page, textOf(number), photo == null ? [] : [photo])
      }

      check(state.photos.length === 0, `${state.photos.length} photos were not posted`)
    }
  },
  {
    name: AT_HOME,
    needs: [WRITTEN, 'after a restart the home node still has wall and media'],
    timeout: 300_000,
    async run (context, state) {
      const { page } = must(state.author, 'author')

      await page.getByRole('article').filter({ hasText: `Number ${POSTS} of many` }).getByText('At home').waitFor({ timeout: 240_000 })

      const status = await home<{ posts?: number, media?: { wanted: number, held: number } }>(context, 'status-big', ['status'])

      context.note(`the home says ${JSON.stringify({ posts: status.posts, media: status.media })}`)
      check((status.posts ?? 0) >= POSTS && status.media?.wanted === status.media?.held, 'the home does not have everything')
      await must(state.author, 'author').close()
      await must(state.friend, 'friend').close()
    }
  },
  {
    name: 'the home node is killed with -9 and started again: nothing is missing',
    needs: [AT_HOME],
    async run (context, state) {
      const before = await home<{ posts?: number }>(context, 'status-before', ['status'])

      await must(state.home, 'home').kill()

      const start = performance.now()

      state.home = await startHome(context)
      context.note(`open again after ${((performance.now() - start) / 1000).toFixed(1)} s`)

      const after = await home<{ posts?: number, media?: { wanted: number, held: number } }>(context, 'status-after', ['status'])

      check(after.posts === before.posts && after.media?.wanted === after.media?.held, `${JSON.stringify(before)} became ${JSON.stringify(after)}`)
    }
  },
  {
    name: 'a latecomer gets it all from the home, through a relay that keeps nothing',
    needs: ['the home node is killed with -9 and started again: nothing is missing'],
    timeout: 300_000,
    async run (context, state) {
      await must(state.relay, 'relay').stop()
      state.relay = (await startRelay(context, { name: 'relay-without-cache', cache: 'none' })).program

      const late = await context.open('latecomer')

      await late.page.goto(state.publicLink)
      await readAll(context, late.page)
      await late.close()
    }
  },
  {
    name: 'another gets it all from the cache of a relay that was just started, nobody else being up',
    needs: ['a latecomer gets it all from the home, through a relay that keeps nothing'],
    timeout: 300_000,
    async run (context, state) {
      await must(state.relay, 'relay').stop()
      await must(state.home, 'home').stop()
      state.relay = (await startRelay(context, { name: 'relay-again' })).program

      const late = await context.open('later-comer')

      await late.page.goto(state.publicLink)
      await readAll(context, late.page)
      await late.close()
    }
  },
  {
    name: 'the author opens the browser again: everything is there before the network is',
    needs: [AT_HOME],
    async run (context, state) {
      await must(state.relay, 'relay').stop()

      const author = await context.open('author')

      state.author = author
      await author.page.goto(state.relayUrl).catch(() => {})
      await sees(author.page, `Number ${POSTS} of many`)
      state.relay = (await startRelay(context, { name: 'relay-last' })).program
      await isGreen(author.page, 60_000)
    }
  }
]
