/** After the first attempt that broke off, and twice as long after each more */
const AGAIN_MS = 2_000
const MAX_AGAIN_MS = 300_000

/** Resolves once an installation of the service worker is over: whether there is one that works */
async function installed (registration: ServiceWorkerRegistration): Promise<boolean> {
  const worker = registration.installing

  if (worker != null) {
    const { promise, resolve } = Promise.withResolvers<void>()

    worker.addEventListener('statechange', () => {
      if (worker.state !== 'installing') {
        resolve()
      }
    })

    if (worker.state === 'installing') {
      await promise
    }
  }

  return registration.active != null || (worker != null && worker.state !== 'redundant')
}

/**
 * Has the browser keep the client, so that it opens without any network. What cannot be had in the middle of it ends an installation for
 * good, until the page is opened again: here it is begun anew. Without it the page works all the same.
 */
export function openOffline (script: string): void {
  const attempt = async (delay: number): Promise<void> => {
    const done = await navigator.serviceWorker.register(script).then(installed, () => false)

    if (!done) {
      setTimeout(() => { void attempt(Math.min(delay * 2, MAX_AGAIN_MS)) }, delay)
    }
  }

  void attempt(AGAIN_MS)
}
