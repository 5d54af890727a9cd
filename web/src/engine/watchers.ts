import type { Unsubscribe } from './contract.ts'

/**
 * Listeners to one value that is costly to make: it is made at most once per turn of the event loop however often it changes, and only
 * while somebody listens.
 */
export interface Watched<T> {
  watch (listener: (value: T) => void): Unsubscribe
  changed (): void
  readonly watched: boolean
}

export function watched<T> (make: () => T | undefined): Watched<T> {
  const listeners = new Set<(value: T) => void>()
  let scheduled = false

  function deliver (): void {
    scheduled = false

    if (listeners.size === 0) {
      return
    }

    const value = make()

    if (value !== undefined) {
      for (const listener of listeners) {
        listener(value)
      }
    }
  }

  return {
    get watched () {
      return listeners.size > 0
    },
    watch (listener) {
      const own = (value: T): void => { listener(value) }

      listeners.add(own)
      queueMicrotask(() => {
        const value = listeners.has(own) ? make() : undefined

        if (value !== undefined) {
          own(value)
        }
      })

      return () => { listeners.delete(own) }
    },
    changed () {
      if (!scheduled) {
        scheduled = true
        setTimeout(deliver, 0)
      }
    }
  }
}
