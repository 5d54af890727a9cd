/** First light: a wall travels from one browser to another, through one's own relay, and stays at home. */
import { big } from './first-light/big-wall.ts'
import { friends } from './first-light/friends.ts'
import { looks } from './first-light/looks.ts'
import { oneMachine } from './first-light/one-machine.ts'
import { ownWall } from './first-light/own-wall.ts'
import { begin } from './first-light/people.ts'
import type { Story } from '../story.ts'
import type { State } from './first-light/people.ts'

export const story: Story<State> = {
  title: 'First light: a wall travels from one browser to another, through one’s own relay, and stays at home.',
  begin,
  steps: [...oneMachine, ...ownWall, ...friends, ...big, ...looks]
}
