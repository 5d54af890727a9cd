import { toEngineError } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine, PairingState } from './contract.ts'

/** One's own home node */
export function homeArea ({ peer }: EngineComponents): Pick<Engine, 'pair' | 'confirmPairing'> {
  let answer = (_same: boolean): void => {}

  return {
    pair (listener) {
      let cancelled = false
      let over = false
      let cancel = (): void => { cancelled = true }

      const offer = async (): Promise<void> => {
        const { link, expires, done, cancel: withdraw } = await peer.offerPairing({
          confirm: async (code, device, { signal }) => {
            const { promise, resolve } = Promise.withResolvers<boolean>()

            answer = resolve
            // whoever went away may come again
            signal.addEventListener('abort', () => { resolve(false) }, { once: true })
            listener({ ...state, state: 'confirm', asked: { code, device } })

            const same = await promise

            if (!over && !cancelled) {
              listener({ ...state, state: signal.aborted ? 'waiting' : 'connecting' })
            }

            return same
          }
        })
        const state: PairingState = { link, expires, state: 'waiting' }

        if (cancelled) {
          withdraw()
          return
        }

        cancel = () => {
          cancelled = true
          withdraw()
        }
        listener(state)
        await done.then(() => {
          over = true
          listener({ ...state, state: 'done' })
        }, (err: Error) => {
          over = true

          if (!cancelled) {
            listener({ ...state, state: expires <= Date.now() ? 'expired' : 'failed', reason: err.message })
          }
        })
      }

      offer().catch((err: unknown) => {
        listener({ link: '', expires: 0, state: 'failed', reason: toEngineError(err).message })
      })

      return () => { cancel() }
    },

    confirmPairing: async same => { answer(same) }
  }
}

/** The home node on this machine that belongs to nobody yet becomes one's own, as soon as there is somebody whose it can be */
export function claimWhenJoined ({ peer, session, signal }: EngineComponents, claim: string): void {
  let claimed = false
  const stop = session.watch(({ phase }) => {
    if (phase === 'ready' && !claimed) {
      claimed = true
      stop()

      if (!session.hasHome()) {
        // it can be paired by hand all the same
        peer.claimHome(claim).catch(() => {})
      }
    }
  })

  signal.addEventListener('abort', stop)
}
