/** Who is primary, by what is known at one moment. Rules: specs/primary.md [PR21], [PR22], [PR25]. */
import type { DeviceState } from './beat.ts'
import type { DeviceId } from '../ids.ts'

export interface Candidates {
  self: DeviceId
  /** Open devices, by the order */
  ranked: DeviceId[]
  /** The same, as they would be without one */
  unordered: DeviceId[]
  isCaughtUp: boolean
  /** Whether oneself acted until now */
  acts: boolean
  /** What another device says of itself, if it is alive */
  state (device: DeviceId): DeviceState | undefined
  /** Not heard yet although it may be there */
  mayBeThere (device: DeviceId): boolean
}

function isReady (state: DeviceState | undefined): boolean {
  return state === 'ready' || state === 'acts'
}

/**
 * Whose turn it is by the order.
 *
 * @returns undefined if nobody's, `unsure` if somebody may be there who was not heard yet
 */
export function firstInOrder (init: Candidates): DeviceId | 'unsure' | undefined {
  for (const device of init.ranked) {
    if (device === init.self ? init.isCaughtUp : isReady(init.state(device))) {
      return device
    }

    if (device !== init.self && init.mayBeThere(device)) {
      return 'unsure'
    }
  }
}

/** The first of those that act, without regard to the order */
export function firstActing ({ self, unordered, acts, state }: Candidates): DeviceId | undefined {
  return unordered.find(device => device === self ? acts : state(device) === 'acts')
}

/** Whose turn it is if the one whose turn it should be does nothing: orders differ */
export function firstDespiteOrder (init: Candidates): DeviceId | undefined {
  return firstActing(init) ?? init.unordered.find(device => device === init.self ? init.isCaughtUp : isReady(init.state(device)))
}
