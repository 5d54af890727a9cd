import { join } from 'node:path'
import { joinAs, post, postOf } from './people.ts'
import type { State } from './people.ts'
import type { Step } from '../../story.ts'

/** The first command of the README, on a machine of one's own */
export const oneMachine: Array<Step<State>> = [
  {
    name: 'npm start: relay, home and client on one machine; after Join the wall is at home without another question',
    async run (context) {
      const program = context.start({
        name: 'bundle', script: 'node/dist/src/bundle/main.js', args: ['--json', '--no-open', '--port', '0', '--data', join(context.work, 'bundle')]
      })
      const { url } = await program.event<{ event: string, url: string }>(({ event }) => event === 'ready', { signal: context.signal })
      const { page, close } = await context.open('one-machine')

      await page.goto(url)
      await joinAs(page, 'Eve')
      await post(page, 'All on one machine')
      await postOf(page, 'All on one machine').getByText('At home').waitFor({ timeout: 60_000 })
      await close()
      await program.stop()
    }
  }
]
