import { createContext, createSignal, onCleanup, useContext } from 'solid-js'
import type { ConnectionState, Engine, Session } from '../engine/contract.ts'
import type { Accessor, JSX } from 'solid-js'

/** The engine, and the two states that every page looks at */
export interface EngineState {
  engine: Engine
  session: Accessor<Session>
  /** Undefined until the engine has said something */
  connection: Accessor<ConnectionState | undefined>
}

const STARTING: Session = { phase: 'starting', unsafe: false, persisted: false, following: [], direct: true }
const Context = createContext<EngineState>()

export function EngineProvider (props: { engine: Engine, children: JSX.Element }): JSX.Element {
  const [session, setSession] = createSignal(STARTING)
  const [connection, setConnection] = createSignal<ConnectionState>()
  const engine = props.engine

  onCleanup(engine.watchSession(setSession))
  onCleanup(engine.watchConnection(setConnection))

  return <Context.Provider value={{ engine, session, connection }}>{props.children}</Context.Provider>
}

export function useEngine (): EngineState {
  const state = useContext(Context)

  if (state == null) {
    throw new Error('useEngine outside of an EngineProvider')
  }

  return state
}
