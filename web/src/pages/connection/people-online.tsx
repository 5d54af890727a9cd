import { For, Show } from 'solid-js'
import { wallHref } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import type { PersonStatus } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

/** Friends one is connected to, and by which path */
export function PeopleOnline (props: { people: PersonStatus[] }): JSX.Element {
  const { t } = useSpeech()

  return (
    <section>
      <h2>{t().connection.people}</h2>
      <Show when={props.people.length > 0} fallback={<p>{t().connection.noPeople}</p>}>
        <ul class='lines'>
          <For each={props.people}>
            {person => (
              <li>
                <span class='dot' data-light='green' aria-hidden='true' />
                <a href={wallHref(person.id)}><bdi>{person.name === '' ? t().wall.nameless : person.name}</bdi></a>
                <span class='lines-state'>{t().connection[person.path]}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
