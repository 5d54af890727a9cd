import { Avatar } from '../../parts/avatar.tsx'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

/** What a wall looks like, under the name that is just being typed */
export function DemoWall (props: { name: string }): JSX.Element {
  const { t } = useSpeech()
  const name = (): string => props.name.trim() === '' ? t().firstRun.demoName : props.name.trim()
  const person = (): { id: string, name: string } => ({ id: '', name: name() })

  return (
    <div class='demo' aria-hidden='true'>
      <div class='demo-head'>
        <Avatar person={person()} size='large' />
        <span class='demo-name' dir='auto'>{name()}</span>
      </div>
      <div class='demo-post'>
        <p class='demo-when'>{t().firstRun.demoFirstTime}</p>
        <p>{t().firstRun.demoFirst}</p>
        <svg class='demo-picture' viewBox='0 0 320 180' preserveAspectRatio='xMidYMid slice'>
          <rect width='320' height='180' class='demo-sky' />
          <circle cx='236' cy='54' r='22' class='demo-sun' />
          <path d='M0 112 58 62l44 40 46-58 70 72 42-34 60 46v52H0z' class='demo-far' />
          <path d='M0 128c50-22 92-20 140-4s110 12 180-12v68H0z' class='demo-near' />
          <path d='M0 146h320v34H0z' class='demo-lake' />
          <path d='M40 156h84M150 164h110M24 170h60M210 154h52' class='demo-ice' />
        </svg>
      </div>
      <div class='demo-post'>
        <p class='demo-when'>{t().firstRun.demoSecondTime}</p>
        <p>{t().firstRun.demoSecond}</p>
      </div>
    </div>
  )
}
