import { For } from 'solid-js'
import { wallHref } from '../state/route.ts'
import { useSpeech } from '../words/index.tsx'
import { Avatar } from './avatar.tsx'
import type { Person } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

export function PeopleList (props: { people: Person[] }): JSX.Element {
  const { t } = useSpeech()

  return (
    <ul class='people'>
      <For each={props.people}>
        {person => (
          <li>
            <a href={wallHref(person.id)}>
              <Avatar person={person} size='small' />
              <bdi>{person.name === '' ? t().wall.nameless : person.name}</bdi>
            </a>
          </li>
        )}
      </For>
    </ul>
  )
}
