import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { check, goTo, home, isGreen, joinAs, must, post, postOf, sees, startHome, startRelay, takePhotos } from './people.ts'
import type { State } from './people.ts'
import type { Step } from '../../story.ts'

const PASSPHRASE = 'correct horse battery'

/** One person, a relay, a home */
export const ownWall: Array<Step<State>> = [
  {
    name: 'a relay starts with one command and prints an invite',
    async run (context, state) {
      const { program, ready } = await startRelay(context)

      state.relay = program
      state.relayUrl = ready.url
      check(ready.invite.startsWith(ready.url), 'the invite does not lead to the relay')
    }
  },
  {
    name: 'plain http anywhere but on the same machine explains itself',
    needs: ['a relay starts with one command and prints an invite'],
    async run (_context, state) {
      const response = await fetch(state.relayUrl, { headers: { accept: 'text/html' } })

      check(response.ok && (await response.text()).includes('<script'), 'the client is not served on loopback')

      const { port } = new URL(state.relayUrl)
      const elsewhere = await new Promise<string>((resolve, reject) => {
        import('node:http').then(({ get }) => {
          get({ host: '127.0.0.1', port, path: '/', headers: { host: 'example.org' } }, answer => {
            let text = ''

            answer.setEncoding('utf8').on('data', (part: string) => { text += part }).on('end', () => { resolve(text) })
          }).on('error', reject)
        }, reject)
      })

      check(!elsewhere.includes('<script') && elsewhere.includes('<h1'), 'there is no explanation page')
    }
  },
  {
    name: 'the author opens the client, types a name, presses Join; the light is green',
    needs: ['a relay starts with one command and prints an invite'],
    async run (context, state) {
      const author = await context.open('author')
      const { page } = author

      state.author = author
      await page.goto(state.relayUrl)

      const start = performance.now()

      await joinAs(page, 'Ada')
      context.note(`Join to a usable wall: ${((performance.now() - start) / 1000).toFixed(2)} s`)
      await isGreen(page)
    }
  },
  {
    name: 'a post with a photograph says "on this device", then "at your relay"',
    needs: ['the author opens the client, types a name, presses Join; the light is green'],
    async run (context, state) {
      const { page } = must(state.author, 'author')
      const [photo] = await takePhotos(page, context.work, 1, 4000, 3000)

      await must(state.relay, 'relay').stop()
      await post(page, 'The first light of all', [photo])
      await postOf(page, 'The first light of all').getByText('On this device').waitFor()
      await postOf(page, 'The first light of all').locator('img').first().waitFor()
      state.relay = (await startRelay(context)).program
      await postOf(page, 'The first light of all').getByText('At your relay').waitFor({ timeout: 60_000 })
    }
  },
  {
    name: 'a backup is saved under a passphrase',
    needs: ['the author opens the client, types a name, presses Join; the light is green'],
    async run (context, state) {
      const { page } = must(state.author, 'author')

      await goTo(page, 'Settings')
      await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
      await page.getByLabel('The passphrase again').fill(PASSPHRASE)

      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save a backup' }).click()])

      state.backup = join(context.work, 'backup')
      await rename(await download.path(), state.backup)
      await sees(page, 'Saved. Keep the file')
      await goTo(page, 'Home')
    }
  },
  {
    name: 'the home node starts, is paired by a link, and has the wall: "at home"',
    needs: ['a post with a photograph says "on this device", then "at your relay"'],
    async run (context, state) {
      const { page } = must(state.author, 'author')

      state.home = await startHome(context)
      await goTo(page, 'Settings')
      await page.getByRole('button', { name: 'Pair your home' }).click()

      const command = await page.getByLabel('Command for your home').inputValue()
      const [, link] = /'([^']+)'/.exec(command) ?? []
      const pairing = home<{ identity?: string, name?: string }>(context, 'pair', ['pair', must(link, 'the link in the command')])

      // one that fails to begin has no code to ask about
      await Promise.race([page.getByRole('button', { name: 'Yes, the same' }).click(), pairing])

      const paired = await pairing

      check(paired.name === 'Ada', `the home belongs to ${String(paired.name)}`)
      await sees(page, 'Paired. Your home now keeps your wall.')
      await goTo(page, 'Home')
      await postOf(page, 'The first light of all').getByText('At home').waitFor({ timeout: 60_000 })
    }
  },
  {
    name: 'after a restart the home node still has wall and media',
    needs: ['the home node starts, is paired by a link, and has the wall: "at home"'],
    async run (context, state) {
      await must(state.home, 'home').stop()
      state.home = await startHome(context)

      const status = await home<{ posts?: number, media?: { wanted: number, held: number } }>(context, 'status', ['status'])

      check(status.posts === 1 && status.media?.held === 2 && status.media.wanted === 2, `status says ${JSON.stringify(status)}`)
    }
  },
  {
    name: 'a post is written on the command line, edited and deleted in the browser',
    needs: ['after a restart the home node still has wall and media'],
    async run (context, state) {
      const { page } = must(state.author, 'author')

      await home(context, 'post', ['post', 'Written at home'])
      await sees(page, 'Written at home', 60_000)
      await post(page, 'This will be edited')
      await postOf(page, 'This will be edited').getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).or(page.getByRole('button', { name: 'Edit', exact: true })).click()
      await page.getByLabel('Change the text').fill('This was edited')
      await page.getByRole('button', { name: 'Save' }).click()
      await postOf(page, 'This was edited').getByText('edited', { exact: false }).first().waitFor()
      await post(page, 'This will be deleted')
      await postOf(page, 'This will be deleted').getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).or(page.getByRole('button', { name: 'Delete', exact: true })).first().click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await postOf(page, 'This will be deleted').waitFor({ state: 'detached' })
    }
  },
  {
    name: 'the backup opens in another browser, as a new device that writes too',
    needs: ['a backup is saved under a passphrase', 'a post with a photograph says "on this device", then "at your relay"'],
    async run (context, state) {
      const other = await context.open('other-device')
      const { page } = other

      await page.goto(state.relayUrl)
      await page.getByText('Restore from a backup').click()
      await page.getByLabel('Backup file').setInputFiles(state.backup)
      await page.getByLabel('Passphrase').fill('not the passphrase')
      await page.getByRole('button', { name: 'Restore', exact: true }).click()
      await page.getByRole('alert').filter({ hasText: /passphrase/i }).waitFor()
      await page.getByLabel('Passphrase').fill(PASSPHRASE)
      await page.getByRole('button', { name: 'Restore', exact: true }).click()
      await sees(page, 'The first light of all', 60_000)
      await isGreen(page)
      await post(page, 'From the restored device')
      await sees(must(state.author, 'author').page, 'From the restored device', 60_000)
      await other.close()
    }
  }
]
