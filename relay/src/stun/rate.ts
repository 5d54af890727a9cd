import { STUN_ANSWERS_PER_SECOND, STUN_ANSWERS_PER_SECOND_PER_IP } from '../constants.ts'
import { sourceOf } from '../http/remote-address.ts'

/** Tells whether one more answer may go to an address; `now` is in milliseconds */
export type RateBound = (address: string, now: number) => boolean

/**
 * Counts answers within the running second. What it remembers is thrown away each second and never exceeds `total` addresses.
 *
 * @param total - answers per second to everybody
 * @param each - answers per second to one address
 */
export function rateBound (total: number = STUN_ANSWERS_PER_SECOND, each: number = STUN_ANSWERS_PER_SECOND_PER_IP): RateBound {
  const counts = new Map<string, number>()
  let second = -1
  let answered = 0

  return (address, now) => {
    const current = Math.floor(now / 1000)

    if (current !== second) {
      second = current
      answered = 0
      counts.clear()
    }

    const source = sourceOf(address)
    const count = counts.get(source) ?? 0

    if (answered >= total || count >= each) {
      return false
    }

    answered++
    counts.set(source, count + 1)

    return true
  }
}
