import { loadPictureWorker } from '../pictures/index.ts'

/**
 * Loads what somebody who writes will want next, while there is a network: until the service worker has kept everything, a page that went
 * offline could open nothing more. What could not be loaded is asked for again when it is needed.
 */
export async function loadRest (): Promise<void> {
  await Promise.allSettled([
    import('../composer/composer.tsx'),
    import('@pergola/protocols/media'),
    loadPictureWorker(),
    import('../pages/settings/settings.tsx'),
    import('../pages/people/people.tsx'),
    import('../pages/connection/connection.tsx')
  ])
}
