import type { SpaceId } from '../ids.ts'
import type { Log } from '../log/index.ts'

export interface ArrivingInit {
  log: Log
  spaces: SpaceId[]
  /** Milliseconds without anything new until `stalled` fires */
  patience: number
  /** Entries that are here, and those that are known to be: a chain comes with its newest first, which tells how many there are */
  onProgress? (done: number, total: number): void
}

export interface Arriving extends Disposable {
  /** Fires when nothing has come for a while */
  stalled: AbortSignal
}

/** Looks at spaces as they come, until it is disposed of */
export function watchArriving ({ log, spaces, patience, onProgress }: ArrivingInit): Arriving {
  const stalled = new AbortController()
  const ended = new AbortController()
  let timer: ReturnType<typeof setTimeout>

  function wait (): void {
    clearTimeout(timer)
    timer = setTimeout(() => { stalled.abort() }, patience)
  }

  async function count (): Promise<void> {
    const chains = (await Promise.all(spaces.map(async space => log.chains(space)))).flat()
    const done = chains.flatMap(({ ranges }) => ranges).reduce((sum, { from, to }) => sum + to - from + 1, 0)
    const total = chains.reduce((sum, { head }) => sum + head.seq + 1, 0)

    if (!ended.signal.aborted) {
      onProgress?.(done, total)
    }
  }

  wait()
  log.addEventListener('entries:added', ({ detail }) => {
    if (spaces.includes(detail.space)) {
      wait()
      void count().catch(() => {})
    }
  }, { signal: ended.signal })

  return {
    stalled: stalled.signal,

    [Symbol.dispose] () {
      clearTimeout(timer)
      ended.abort()
    }
  }
}
