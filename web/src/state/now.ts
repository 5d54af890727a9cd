import { createRoot, createSignal } from 'solid-js'
import type { Accessor } from 'solid-js'

const STEP_MS = 30_000

/** The time, in steps that are fine enough for "3 minutes ago". One timer serves the whole page, and rests while nobody looks */
export const now: Accessor<number> = createRoot(() => {
  const [time, setTime] = createSignal(Date.now())

  setInterval(() => {
    if (!document.hidden) {
      setTime(Date.now())
    }
  }, STEP_MS)
  document.addEventListener('visibilitychange', () => {
    setTime(Date.now())
  })

  return time
})
