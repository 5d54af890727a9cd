import type { Progress } from './contract.ts'

/** Less than this has passed for less than this: the speed of a first moment says nothing */
const SHORTEST_S = 0.05

/** Tells the speed with the amounts that it is given; begins now */
export function meter (unit: Progress['unit'], onProgress: ((progress: Progress) => void) | undefined, step?: Progress['step']): (done: number, total: number) => void {
  const started = performance.now()

  return (done, total) => {
    onProgress?.({ ...(step == null ? {} : { step }), unit, done, total, speed: done / Math.max((performance.now() - started) / 1000, SHORTEST_S) })
  }
}
