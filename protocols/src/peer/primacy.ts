/** Which own device acts for all, told what it has to know: the record, the chosen order, and when this device has caught up. */
import { deviceOrder } from '../own/index.ts'
import { CATCH_UP_PATIENCE_MS } from './constants.ts'
import { whoIsHere } from './who-is-here.ts'
import type { Life, Parts, Running } from './parts.ts'
import type { DeviceId } from '../ids.ts'
import type { Own } from '../own/index.ts'
import type { Primary, PrimaryTask } from '../primary/index.ts'

export interface Primacy {
  /** Until the peer stops; `changed` is called when `primary` says something else */
  begin (running: Running, own: Own, changed: () => void): Promise<void>
  /** The device that acts for all, as far as is known here */
  primary (): DeviceId | undefined
  whenPrimary (task: PrimaryTask): () => void
  /** This device may have slept */
  woke (): void
}

export function createPrimacy ({ account, log, random }: Pick<Parts, 'account' | 'log' | 'random'>, life: Pick<Life, 'signal'>): Primacy {
  /** What was asked for before there was a network has nothing to end yet */
  const tasks = new Set<{ task: PrimaryTask, end? (): void }>()
  let service: Primary | undefined

  /** Waits for the wall, which is what the primary acts on; but if nobody can be heard, there is nothing to wait for */
  async function catchUp ({ keeper }: Running): Promise<void> {
    const { record } = await account.record()

    if (record.devices.length > 1) {
      await keeper.caughtUp(account.requireMe().space, { signal: AbortSignal.any([life.signal, AbortSignal.timeout(CATCH_UP_PATIENCE_MS)]) }).catch(() => {})
    }

    if (!life.signal.aborted) {
      service?.caughtUp()
    }
  }

  return {
    primary: () => account.isClosed() ? undefined : service?.view().primary,

    async begin (running, own, changed) {
      const { signal } = life
      const primary = await running.network.services.late.get('primary', async () => {
        const { primary } = await import('../primary/index.ts')

        return primary({ self: async () => whoIsHere(account), order: () => own.get(deviceOrder), random })
      })
      const refresh = (): void => { primary.refresh().catch(() => {}) }
      const begin = (): void => { catchUp(running).catch(() => {}) }

      service = primary
      primary.addEventListener('primary:changed', changed, { signal })
      primary.addEventListener('catch-up:due', begin, { signal })
      own.watch(deviceOrder, refresh, { signal })
      log.addEventListener('record:changed', ({ detail }) => {
        if (detail.record.record.identity === account.me()?.identity) {
          refresh()
        }
      }, { signal })
      tasks.forEach(each => { each.end ??= primary.whenPrimary(each.task) })
      await primary.refresh()
      begin()
    },

    woke: () => { service?.woke() },

    whenPrimary (task) {
      const asked = { task, end: service?.whenPrimary(task) }

      tasks.add(asked)

      return () => {
        tasks.delete(asked)
        asked.end?.()
      }
    }
  }
}
