/** How often each peer may begin a handshake here; who proved to be expected may come as often as its connections break. */
import { ratePerMinute } from '../rate.ts'
import { MAX_COUNTED_PEERS, MAX_HELLOS_PER_MINUTE } from './constants.ts'
import type { Clock } from '../interface.ts'
import type { Rate } from '../rate.ts'

export type { Rate } from '../rate.ts'

export function createRate (clock: Clock): Rate {
  return ratePerMinute(clock, MAX_HELLOS_PER_MINUTE, MAX_COUNTED_PEERS)
}
