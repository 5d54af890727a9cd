import { createSignal } from 'solid-js'
import { EngineError } from '../engine/contract.ts'
import { createAction } from './action.ts'
import type { Action } from './action.ts'
import type { Engine } from '../engine/contract.ts'
import type { Accessor } from 'solid-js'

export interface Join extends Action<[], void> {
  name: Accessor<string>
  setName (name: string): void
}

/** From a name to a wall; `then` runs when the wall is there */
export function createJoin (engine: Engine, then: () => Promise<void> | void): Join {
  const [name, setName] = createSignal('')
  const action = createAction(async () => {
    if (name().trim() === '') {
      throw new EngineError({ code: 'name-empty', detail: '' })
    }

    await engine.join({ name: name().trim() })
    await then()
  })

  return {
    ...action,
    name,
    setName (name) {
      setName(name)
      action.forget()
    }
  }
}
