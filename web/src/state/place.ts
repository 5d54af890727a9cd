/**
 * Where one was on a page that one comes back to: which post one read, and how many were made. Kept per entry of the browser's history, for as long as the
 * tab lives. A post rather than a distance: what is above it may have grown meanwhile.
 */
export interface Place {
  /** How far the page was scrolled */
  y: number
  /** The first post in the window, and how far its top was from the window's */
  anchor?: { post: string, top: number }
  /** Posts that were made by then */
  shown: number
}

/** The oldest are forgotten */
const MAX_PLACES = 50

/** A page that does not hold the post again by then will not */
const PATIENCE_MS = 2000

const places = new Map<string, Place>()

let here: Place = { y: 0, shown: 0 }

/** The place of the page that is shown now. A new page begins with zeroes */
export function place (): Place {
  return here
}

/** Begins to keep places; call it once, before anything is shown */
export function keepPlaces (): void {
  history.scrollRestoration = 'manual'
  here = placeOf(entry())
}

/** Call it when another page is about to be shown, and the old one still is: whoever comes back finds the old place, whoever comes anew the top */
export function changePlace (): void {
  here.y = window.scrollY
  here.anchor = firstInWindow()
  here = placeOf(entry())
}

/** Scrolls to the place once the page holds it again, unless the person scrolls first. Returns what gives up */
export function returnToPlace (page: HTMLElement): () => void {
  const { y, anchor } = here
  const stop = new AbortController()
  const found = (): boolean => {
    const post = anchor == null ? undefined : page.querySelector(`[data-post="${CSS.escape(anchor.post)}"]`)

    if (post != null && anchor != null) {
      window.scrollTo({ top: window.scrollY + post.getBoundingClientRect().top - anchor.top, behavior: 'instant' })
    }

    return post != null
  }
  const look = (): void => {
    if (found()) {
      stop.abort()
      // drawing the posts around it changed their height
      requestAnimationFrame(found)
    }
  }

  window.scrollTo({ top: anchor == null ? y : 0, behavior: 'instant' })

  if (anchor != null) {
    const observer = new MutationObserver(look)
    const timer = setTimeout(() => { stop.abort() }, PATIENCE_MS)

    observer.observe(page, { childList: true, subtree: true })
    stop.signal.addEventListener('abort', () => {
      observer.disconnect()
      clearTimeout(timer)
    })

    for (const event of ['wheel', 'touchstart', 'keydown']) {
      window.addEventListener(event, () => { stop.abort() }, { signal: stop.signal, passive: true })
    }

    look()
  }

  return () => { stop.abort() }
}

function firstInWindow (): Place['anchor'] {
  if (window.scrollY === 0) {
    return undefined
  }

  for (const post of document.querySelectorAll<HTMLElement>('[data-post]')) {
    const { top, bottom } = post.getBoundingClientRect()

    if (bottom > 0) {
      return { post: post.dataset.post ?? '', top }
    }
  }

  return undefined
}

/** The name of the history's present entry; gives it one when it has none */
function entry (): string {
  const state: unknown = history.state

  if (state != null && typeof state === 'object' && 'entry' in state && typeof state.entry === 'string') {
    return state.entry
  }

  const name = crypto.randomUUID()

  history.replaceState({ entry: name }, '')

  return name
}

function placeOf (name: string): Place {
  const known = places.get(name) ?? { y: 0, shown: 0 }

  places.delete(name)
  places.set(name, known)

  for (const oldest of places.keys()) {
    if (places.size <= MAX_PLACES) {
      break
    }

    places.delete(oldest)
  }

  return known
}
