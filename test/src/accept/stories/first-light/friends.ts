import { check, goTo, isGreen, joinAs, light, must, post, postOf, sees, startRelay } from './people.ts'
import type { State } from './people.ts'
import type { Step } from '../../story.ts'

const POSTED = 'a post with a photograph says "on this device", then "at your relay"'
const INVITED = 'the author makes an invite link and a public link'
const PREVIEW = 'a friend opens the invite: the wall is there before the account'
const FOLLOWS = 'the friend joins, follows, and sees the next post live'
const DIRECT = 'the two are connected directly, browser to browser'

/** A friend with an invite, a stranger with an id */
export const friends: Array<Step<State>> = [
  {
    name: INVITED,
    needs: [POSTED],
    async run (_context, state) {
      const { page } = must(state.author, 'author')

      await goTo(page, 'Settings')
      await page.getByRole('button', { name: 'Make an invite link' }).click()
      state.invite = await page.getByLabel('Invite link').inputValue()
      await page.getByRole('button', { name: 'Show the public link' }).click()
      state.publicLink = await page.getByLabel('Public link').inputValue()
      await goTo(page, 'Home')
      check(state.invite.includes('#i=') && state.publicLink.length < state.invite.length, 'the links are not what they should be')
    }
  },
  {
    name: PREVIEW,
    needs: [INVITED],
    async run (context, state) {
      const friend = await context.open('friend')

      state.friend = friend

      const start = performance.now()

      await friend.page.goto(state.invite)
      await sees(friend.page, 'The first light of all')
      context.note(`link to the wall on the screen: ${((performance.now() - start) / 1000).toFixed(2)} s`)
      await postOf(friend.page, 'The first light of all').locator('img').first().waitFor()
    }
  },
  {
    name: FOLLOWS,
    needs: [PREVIEW],
    async run (context, state) {
      const { page } = must(state.friend, 'friend')
      const author = must(state.author, 'author').page

      await joinAs(page, 'Bob')
      await sees(page, 'The first light of all')
      await isGreen(page)

      const start = performance.now()

      await post(author, 'Live from Ada')
      await page.getByText('Live from Ada').or(page.getByRole('button', { name: /new post/ })).first().waitFor()
      context.note(`author's Post to friend's screen: ${((performance.now() - start) / 1000).toFixed(2)} s`)
    }
  },
  {
    name: DIRECT,
    needs: [FOLLOWS],
    async run (_context, state) {
      const { page } = must(state.friend, 'friend')

      await light(page).click()
      await sees(page, 'directly, browser to browser', 60_000)
    }
  },
  {
    name: 'the relay is killed, and the next post still arrives',
    needs: [DIRECT],
    async run (_context, state) {
      await must(state.relay, 'relay').kill()

      const { page } = must(state.friend, 'friend')

      await goTo(page, 'Home')
      await post(must(state.author, 'author').page, 'Without any relay')
      await page.getByText('Without any relay').or(page.getByRole('button', { name: /new post/ })).first().waitFor({ timeout: 30_000 })
    }
  },
  {
    name: 'the relay is started again: both come back by themselves',
    needs: ['the relay is killed, and the next post still arrives'],
    async run (context, state) {
      state.relay = (await startRelay(context)).program

      const start = performance.now()

      await isGreen(must(state.author, 'author').page, 60_000)
      await isGreen(must(state.friend, 'friend').page, 60_000)
      context.note(`both green again after ${((performance.now() - start) / 1000).toFixed(1)} s`)
    }
  },
  {
    name: 'a stranger with the public link alone gets everything, through the relay',
    needs: [INVITED],
    async run (context, state) {
      const stranger = await context.open('stranger')

      await stranger.page.goto(state.publicLink)
      await sees(stranger.page, 'The first light of all')
      await postOf(stranger.page, 'The first light of all').locator('img').first().waitFor()

      const destinations = await stranger.destinations()
      const own = new URL(state.relayUrl)
      const foreign = destinations.filter(({ target }) => !target.includes(own.host) && !target.includes(own.hostname))

      context.note(`${destinations.length} network destinations, all of them the relay`)
      check(foreign.length === 0, `the page turned to ${foreign.map(({ kind, target }) => `${kind} ${target}`).join(', ')}`)
    }
  }
]
