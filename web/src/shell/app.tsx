import { Match, Show, Switch, createEffect, createMemo, lazy, on, onCleanup } from 'solid-js'
import { APP_NAME } from '../brand.ts'
import { Arrival } from '../pages/arrival/arrival.tsx'
import { FirstRun } from '../pages/first-run/first-run.tsx'
import { Home } from '../pages/home/home.tsx'
import { Wall } from '../pages/wall/wall.tsx'
import { PeopleList } from '../parts/people-list.tsx'
import { ProblemText } from '../parts/problem.tsx'
import { SkeletonPosts } from '../parts/skeleton.tsx'
import { EngineProvider, useEngine } from '../state/engine.tsx'
import { returnToPlace } from '../state/place.ts'
import { HOME, createRoute, navigate, wallHref } from '../state/route.ts'
import { SpeechProvider, useSpeech } from '../words/index.tsx'
import { Banners } from './banners.tsx'
import { Header } from './header.tsx'
import { Light } from './light.tsx'
import { loadRest } from './load-rest.ts'
import { createOpenedLink } from './opened-link.ts'
import type { Engine } from '../engine/contract.ts'
import type { JSX } from 'solid-js'
import '../styles/index.css'

const Settings = lazy(async () => ({ default: (await import('../pages/settings/settings.tsx')).Settings }))
const Connection = lazy(async () => ({ default: (await import('../pages/connection/connection.tsx')).Connection }))
const RecoveryWords = lazy(async () => ({ default: (await import('../pages/recovery-words/recovery-words.tsx')).RecoveryWords }))
const Archive = lazy(async () => ({ default: (await import('../pages/archive/archive.tsx')).Archive }))
const Devices = lazy(async () => ({ default: (await import('../pages/devices/devices.tsx')).Devices }))
const Linking = lazy(async () => ({ default: (await import('../pages/linking/linking.tsx')).Linking }))
const People = lazy(async () => ({ default: (await import('../pages/people/people.tsx')).People }))

/** Everything one sees, on top of an engine */
export function App (props: { engine: Engine }): JSX.Element {
  return (
    <SpeechProvider>
      <EngineProvider engine={props.engine}>
        <Shell />
      </EngineProvider>
    </SpeechProvider>
  )
}

function Shell (): JSX.Element {
  const { engine, session } = useEngine()
  const { t } = useSpeech()
  const route = createRoute()
  const link = createOpenedLink(engine, route)
  const ready = createMemo(() => session().phase === 'ready')

  createEffect(on(ready, isReady => {
    if (isReady) {
      void loadRest()
    }
  }))

  let main: HTMLElement | undefined

  /** Whose wall somebody without one of their own came to see */
  const visited = createMemo(() => {
    const opened = link()
    const at = route()

    if (opened.state === 'open') {
      return { id: opened.person.id, name: opened.person.name }
    }

    return at.page === 'wall' ? { id: at.id, name: '' } : session().invitedBy
  }, undefined, { equals: (a, b) => a?.id === b?.id && a?.name === b?.name })

  // whoever has just joined is taken on by the page where they did
  createEffect(on([link, () => session().phase] as const, ([opened, phase], before) => {
    if (phase === 'ready' && opened.state === 'open' && before?.[1] !== 'new') {
      navigate(wallHref(opened.person.id), { replace: true })
    }
  }))

  createEffect(() => {
    const { page } = route()

    document.title = page === 'home' || page === 'wall' || page === 'link' || page === 'linking' ? APP_NAME : `${t().nav[page]} · ${APP_NAME}`
  })

  // whoever cannot see that the page is another one is taken to its beginning
  createEffect(on(route, () => {
    if (main != null) {
      onCleanup(focusTitle(main))
      onCleanup(returnToPlace(main))
    }
  }, { defer: true }))

  return (
    <>
      <a class='skip' href='#main' onClick={event => { event.preventDefault(); main?.focus() }}>{t().nav.skip}</a>
      <Show when={ready()} fallback={<header class='header header-empty'><div class='header-inner'><Show when={session().phase === 'new' && visited() != null}><Light /></Show></div></header>}>
        <Header route={route()} />
      </Show>
      <div class='columns'>
        <main ref={main} id='main' tabindex='-1'>
          <Switch>
            <Match when={session().problem}>
              {problem => (
                <div class='page empty'>
                  <h1 tabindex='-1'>{t().banner.failed}</h1>
                  <ProblemText problem={problem()} />
                  <button type='button' class='button' onClick={() => { location.reload() }}>{t().banner.reload}</button>
                </div>
              )}
            </Match>
            <Match when={link().state === 'failed' ? link() : undefined}>
              {failed => {
                const opened = failed()

                return (
                  <div class='page empty'>
                    <h1 class='visually-hidden' tabindex='-1'>{t().arrival.opening}</h1>
                    <ProblemText problem={opened.state === 'failed' ? opened.problem : undefined} />
                    <button type='button' class='button' onClick={() => { navigate(HOME, { replace: true }) }}>{t().arrival.failed}</button>
                  </div>
                )
              }}
            </Match>
            <Match when={session().phase === 'starting' || link().state === 'opening'}>
              <div class='page'>
                <h1 class='visually-hidden' tabindex='-1'>{link().state === 'opening' ? t().arrival.opening : t().banner.starting}</h1>
                <SkeletonPosts count={3} label={link().state === 'opening' ? t().arrival.opening : t().banner.starting} />
              </div>
            </Match>
            <Match when={session().phase === 'new' && route().page === 'connection'}>
              <Connection />
            </Match>
            <Match when={linkText(route())}>
              {link => <Linking text={link().text} />}
            </Match>
            <Match when={route().page === 'archive'}>
              {/* one and the same before and after: who opens a file may be somebody by the end of it */}
              <Banners />
              <Archive />
            </Match>
            <Match when={session().phase === 'new' ? visited()?.id : undefined} keyed>
              {id => (
                <>
                  <Banners reading />
                  <Arrival id={id} name={visited()?.name ?? ''} />
                </>
              )}
            </Match>
            <Match when={session().phase === 'new'}>
              <FirstRun />
            </Match>
            <Match when={ready()}>
              <Banners safety={route().page === 'home'} />
              <Pages />
            </Match>
          </Switch>
        </main>
        <Show when={ready() && route().page !== 'people' && session().following.length > 0}>
          <aside class='rail' aria-label={t().people.following}>
            <h2>{t().people.following}</h2>
            <PeopleList people={session().following} />
          </aside>
        </Show>
      </div>
    </>
  )

  function Pages (): JSX.Element {
    return (
      <Switch fallback={<Home />}>
        <Match when={wallId(route())}>{id => <Wall id={id()} />}</Match>
        <Match when={route().page === 'people'}><People /></Match>
        <Match when={route().page === 'settings'}><Settings /></Match>
        <Match when={route().page === 'connection'}><Connection /></Match>
        <Match when={route().page === 'devices'}><Devices /></Match>
        <Match when={route().page === 'words'}><RecoveryWords /></Match>
      </Switch>
    )
  }
}

function linkText (route: ReturnType<ReturnType<typeof createRoute>>): { text: string } | undefined {
  return route.page === 'linking' ? route : undefined
}

function wallId (route: ReturnType<ReturnType<typeof createRoute>>): string | undefined {
  return route.page === 'wall' ? route.id : undefined
}

/** Focuses the title as soon as there is one: some pages are still being loaded. Returns what gives up */
function focusTitle (main: HTMLElement): () => void {
  const focus = (): boolean => {
    const title = main.querySelector('h1')

    title?.focus({ preventScroll: true })

    return title != null
  }
  const observer = new MutationObserver(() => {
    if (focus()) {
      observer.disconnect()
    }
  })

  if (!focus()) {
    observer.observe(main, { childList: true, subtree: true })
  }

  return () => { observer.disconnect() }
}
