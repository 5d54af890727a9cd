/** Pins what other peers ask for: a bounded number of files at the same time, and an answer for each. */
import { MAX_PINS_AT_ONCE, PIN_PROGRESS_MS, PINS_PER_REQUEST } from './constants.ts'
import { outlet } from './outlet.ts'
import { signPinReceipt } from './pin-receipt.ts'
import { dagBytes } from './walk.ts'
import type { PinFailure, PinMessage, PinRequest, PinRoot } from './pin-messages.ts'
import type { PinsInit } from './pins.ts'
import type { SpaceId } from '../ids.ts'
import type { Clock } from '../interface.ts'
import type { PeerId } from '@libp2p/interface'

const FAILURES: Record<string, PinFailure | undefined> = {
  MediaUnavailableError: 'unavailable',
  MediaLimitError: 'unfit',
  MalformedMediaError: 'unfit',
  MediaQuotaError: 'full'
}

export interface PinJobs {
  run (peer: PeerId, request: PinRequest, signal: AbortSignal): AsyncIterable<PinMessage>
}

export function pinJobs ({ media, signer, clock, admits = () => false, sources = () => [] }: PinsInit & { clock: Clock }): PinJobs {
  const waiting: Array<() => void> = []
  let running = 0

  async function takeTurn (signal: AbortSignal): Promise<void> {
    if (running < MAX_PINS_AT_ONCE) {
      running++
      return
    }

    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = (): void => {
      const place = waiting.indexOf(resolve)

      if (place !== -1) {
        waiting.splice(place, 1)
        reject(signal.reason)
      }
    }
    waiting.push(resolve)
    signal.addEventListener('abort', onAbort, { once: true })
    await promise
    signal.removeEventListener('abort', onAbort)
  }

  /** The turn goes to whoever waits for one */
  function endTurn (): void {
    const next = waiting.shift()

    if (next == null) {
      running--
    } else {
      next()
    }
  }

  async function pin (peer: PeerId, space: SpaceId, { cid, size }: PinRoot, signal: AbortSignal, tell: (message: PinMessage) => void): Promise<PinMessage> {
    if (signer == null || !await admits(peer, space, cid, size)) {
      return { type: 'failure', cid, reason: 'refused' }
    }

    await takeTurn(signal)
    let told = clock.now()

    try {
      signal.throwIfAborted()
      const pinned = await media.pin(cid, {
        signal,
        providers: [peer, ...sources(peer, space)],
        maxBytes: dagBytes(size),
        onProgress (done) {
          if (clock.now() - told >= PIN_PROGRESS_MS) {
            told = clock.now()
            tell({ type: 'progress', cid, done })
          }
        }
      })

      return { type: 'receipt', receipt: await signPinReceipt(signer, { root: cid, size: pinned.size, time: clock.now() }) }
    } catch (err) {
      signal.throwIfAborted()
      const reason = err instanceof Error ? FAILURES[err.name] : undefined

      if (reason == null) {
        throw err
      }

      return { type: 'failure', cid, reason }
    } finally {
      endTurn()
    }
  }

  return {
    async * run (peer, { space, roots }, signal) {
      const left = roots[Symbol.iterator]()
      const answers = outlet<PinMessage>()
      const failed = new AbortController()
      const all = AbortSignal.any([signal, failed.signal])

      async function work (): Promise<void> {
        for (const root of left) {
          answers.put(await pin(peer, space, root, all, answers.put))
        }
      }

      Promise.all(Array.from({ length: PINS_PER_REQUEST }, work)).then(answers.end, answers.fail)

      try {
        yield * answers.take()
      } finally {
        failed.abort()
      }
    }
  }
}
