import { createSignal, onCleanup } from 'solid-js'
import type { Engine, PairingState, Unsubscribe } from '../engine/contract.ts'
import type { Accessor } from 'solid-js'

/** A link that makes another device one of one's own, and what has become of it; it ends with its page */
export interface PairingOffer {
  /** Undefined while there is none */
  state: Accessor<PairingState | undefined>
  /** Makes a new link; the one before ends */
  begin (): void
  end (): void
  /** Whether both screens show the same code */
  confirm (same: boolean): void
}

export function createPairing (engine: Engine): PairingOffer {
  const [state, setState] = createSignal<PairingState>()
  let stop: Unsubscribe | undefined

  const end = (): void => {
    stop?.()
    stop = undefined
    setState(undefined)
  }

  onCleanup(() => stop?.())

  return {
    state,
    end,
    begin () {
      end()
      stop = engine.pair(setState)
    },
    confirm (same) {
      // when it can no longer be said, the state of the pairing says so
      engine.confirmPairing(same).catch(() => {})
    }
  }
}
