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
        <a class='nav-link' href={HOME} title={t().nav.home} aria-current={here('home')}><Icon name='home' /><span class='nav-word'>{t().nav.home}</span></a>
        <a class='nav-link' href={PEOPLE} title={t().nav.people} aria-current={here('people')}><Icon name='people' /><span class='nav-word'>{t().nav.people}</span></a>
        <Show when={session().me}>
          {me => (
            <a
              class='nav-link'
              href={wallHref(me().id)}
              title={t().nav.myWall}
              aria-current={props.route.page === 'wall' && props.route.id === me().id ? 'page' : undefined}
            >
              <Avatar person={me()} size='small' />
              <span class='nav-word'>{t().nav.myWall}</span>
            </a>
          )}
        </Show>
        <a class='nav-link' href={SETTINGS} title={t().nav.settings} aria-current={here('settings')}><Icon name='settings' /><span class='nav-word'>{t().nav.settings}</span></a>
        <Light />
      </nav>
    </header>
  )
}
