import { createComputed, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import type { Engine, TimelinePage, WallPage } from '../engine/contract.ts'
import type { Accessor } from 'solid-js'

/** The timeline as a store that keeps what did not change, so that only new posts are drawn */
export function createTimeline (engine: Engine): TimelinePage {
  const [page, setPage] = createStore<TimelinePage>({ posts: [], loading: true })

  onCleanup(engine.watchTimeline(next => { setPage(reconcile(next, { key: 'id' })) }))

  return page
}

/** A person's wall; undefined until the engine has answered */
export function createWall (engine: Engine, id: Accessor<string>): Accessor<WallPage | undefined> {
  const [held, setHeld] = createStore<{ page?: WallPage }>({})
  const [here, setHere] = createSignal(false)

  createComputed(on(id, id => {
    setHere(false)
    onCleanup(engine.watchWall(id, page => {
      setHeld('page', reconcile(page, { key: 'id' }))
      setHere(true)
    }))
  }))

  return () => here() ? held.page : undefined
}
