import { Show } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { useEngine } from '../state/engine.tsx'
import { HOME, PEOPLE, SETTINGS, wallHref } from '../state/route.ts'
import { useSpeech } from '../words/index.tsx'
import { Light } from './light.tsx'
import type { Route } from '../state/route.ts'
import type { JSX } from 'solid-js'

export function Header (props: { route: Route }): JSX.Element {
  const { session } = useEngine()
  const { t } = useSpeech()
  const here = (page: Route['page']): 'page' | undefined => props.route.page === page ? 'page' : undefined

  return (
    <header class='header'>
      <nav class='header-inner' aria-label={t().nav.label}>
        <a class='nav-link' href={HOME} aria-label={t().nav.home} title={t().nav.home} aria-current={here('home')}><Icon name='home' /></a>
        <a class='nav-link' href={PEOPLE} aria-label={t().nav.people} title={t().nav.people} aria-current={here('people')}><Icon name='people' /></a>
        <Show when={session().me}>
          {me => (
            <a
              class='nav-link'
              href={wallHref(me().id)}
              aria-label={t().nav.myWall}
              title={t().nav.myWall}
              aria-current={props.route.page === 'wall' && props.route.id === me().id ? 'page' : undefined}
            >
              <Avatar person={me()} size='small' />
            </a>
          )}
        </Show>
        <a class='nav-link' href={SETTINGS} aria-label={t().nav.settings} title={t().nav.settings} aria-current={here('settings')}><Icon name='settings' /></a>
        <Light />
      </nav>
    </header>
  )
}
