import { createSignal, onCleanup } from 'solid-js'
import { changePlace, keepPlaces } from './place.ts'
import type { Accessor } from 'solid-js'

/** Where one is. It stands behind the `#`, which browsers tell to no server */
export type Route =
  | { page: 'home' }
  | { page: 'wall', id: string }
  | { page: 'people' }
  | { page: 'settings' }
  | { page: 'connection' }
  | { page: 'words' }
  | { page: 'devices' }
  | { page: 'linking', text: string }
  | { page: 'archive' }
  | { page: 'link', text: string }

export const HOME = '#/'
export const PEOPLE = '#/people'
export const SETTINGS = '#/settings'
export const CONNECTION = '#/connection'
export const WORDS = '#/words'
export const DEVICES = '#/devices'
export const LINK = '#/link'
export const ARCHIVE = '#/archive'

export function wallHref (id: string): string {
  return `#/w/${encodeURIComponent(id)}`
}

/** Opens this page on another device and makes it one of one's own. @param text - of the link that the engine made */
export function linkAddress (text: string): string {
  return `${location.origin}${location.pathname}#link=${text}`
}

/** Whatever is not known leads home: `#relay=…` is the engine's to read */
export function parseRoute (hash: string): Route {
  if (hash.startsWith('#i=')) {
    return { page: 'link', text: hash }
  }

  if (hash.startsWith('#link=')) {
    return { page: 'linking', text: hash.slice('#link='.length) }
  }

  const [page, id] = hash.replace(/^#\/?/, '').split('/')

  switch (page) {
    case 'w': return id == null || id === '' ? { page: 'home' } : { page: 'wall', id: decoded(id) }
    case 'link': return { page: 'linking', text: '' }
    case 'people':
    case 'settings':
    case 'connection':
    case 'words':
    case 'devices':
    case 'archive': return { page }
    default: return { page: 'home' }
  }
}

export function createRoute (): Accessor<Route> {
  const [route, setRoute] = createSignal(parseRoute(location.hash), { equals: sameRoute })
  const update = (): void => {
    changePlace()
    setRoute(parseRoute(location.hash))
  }

  keepPlaces()
  window.addEventListener('hashchange', update)
  onCleanup(() => { window.removeEventListener('hashchange', update) })

  return route
}

export function navigate (href: string, options: { replace?: boolean } = {}): void {
  if (options.replace === true) {
    history.replaceState(null, '', href)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  } else {
    location.hash = href
  }
}

function sameRoute (a: Route, b: Route): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function decoded (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
