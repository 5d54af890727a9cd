import { createComputed, createSignal, on } from 'solid-js'
import { problemOf } from '../state/action.ts'
import type { Engine, EngineProblem, Person } from '../engine/contract.ts'
import type { Route } from '../state/route.ts'
import type { Accessor } from 'solid-js'

/** What became of the link in the address bar */
export type OpenedLink =
  | { state: 'none' }
  | { state: 'opening' }
  | { state: 'open', person: Person }
  | { state: 'failed', problem: EngineProblem }

export function createOpenedLink (engine: Engine, route: Accessor<Route>): Accessor<OpenedLink> {
  const [link, setLink] = createSignal<OpenedLink>({ state: 'none' })

  createComputed(on(route, route => {
    if (route.page !== 'link') {
      setLink({ state: 'none' })
      return
    }

    const opening: OpenedLink = { state: 'opening' }
    const settle = (next: OpenedLink): void => { setLink(current => current === opening ? next : current) }

    setLink(opening)
    engine.openLink(route.text).then(person => { settle({ state: 'open', person }) }, error => { settle({ state: 'failed', problem: problemOf(error) }) })
  }))

  return link
}
