import { decodePairing } from '@pergola/protocols'
import { EngineError } from './contract.ts'
import { meter } from './meter.ts'
import { toEngineError } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine, LinkingState } from './contract.ts'

/** This browser as a new device of somebody who has others */
export function linkingArea ({ peer, session }: EngineComponents): Pick<Engine, 'link'> {
  return {
    link ({ text, name }, listener) {
      const stopped = new AbortController()
      const { signal } = stopped
      const tell = (state: LinkingState): void => {
        if (!signal.aborted) {
          listener(state)
        }
      }
      const link = async (): Promise<void> => {
        const onProgress = meter('entries', progress => { tell({ state: 'arriving', progress }) })

        tell({ state: 'connecting' })
        await peer.pair(decodePairing(text), name, { signal, onProgress, onCode: code => { tell({ state: 'confirm', code }) } })
        await session.refresh()
        tell({ state: 'done' })
      }

      link().catch((err: unknown) => {
        const error = toEngineError(err)

        tell({ state: 'failed', problem: error instanceof EngineError ? error.problem : { code: 'internal', detail: error.message } })
      })

      return () => { stopped.abort() }
    }
  }
}
