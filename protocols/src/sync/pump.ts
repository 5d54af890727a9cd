/** Sends entries as long as there are any and the stream takes them, beside whatever else its session does. */
import { readSlice } from './log-effects.ts'
import type { Effect, SyncEvent } from './events.ts'
import type { Frame } from './frames.ts'
import type { Log } from '../log/index.ts'

export interface PumpInit {
  log: Log
  /** The state machine */
  handle (event: SyncEvent): Effect[]
  perform (effect: Effect): Promise<void>
  send (frame: Frame): Promise<void>
  isEnded (): boolean
  fail (error: unknown): void
}

export class Pump {
  /** While there are any to send */
  pumping: Promise<void> | undefined
  private readonly init: PumpInit
  private again = false

  constructor (init: PumpInit) {
    this.init = init
  }

  start (): void {
    if (this.init.isEnded()) {
      return
    }

    if (this.pumping != null) {
      this.again = true
      return
    }

    this.pumping = this.pumpAll().finally(() => {
      this.pumping = undefined

      if (this.again) {
        this.again = false
        this.start()
      }
    })
  }

  private async pumpAll (): Promise<void> {
    const { handle, perform, isEnded, fail } = this.init

    try {
      let busy = true

      while (busy && !isEnded()) {
        busy = false

        for (const effect of handle({ type: 'ready' })) {
          if (effect.type === 'read') {
            await this.sendStored(effect)
            busy = true
          } else {
            await perform(effect)
          }
        }
      }
    } catch (err) {
      fail(err)
    }
  }

  private async sendStored (effect: Extract<Effect, { type: 'read' }>): Promise<void> {
    const { space, chain, from, to } = effect
    const { entries, ...sent } = await readSlice(this.init.log, effect)

    this.init.handle({ type: 'sent', space, chain, slice: { from, to }, ...sent })

    if (entries.length > 0) {
      await this.init.send({ type: 'entries', space, entries })
    }
  }
}
