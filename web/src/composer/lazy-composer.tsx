import { lazy } from 'solid-js'
import type { JSX } from 'solid-js'

const Loaded = lazy(async () => ({ default: (await import('./composer.tsx')).Composer }))

/** Where one writes, loaded after the first wall; its place is kept meanwhile */
export function Composer (): JSX.Element {
  return <div class='composer-place'><Loaded /></div>
}
