/** How long wrong passphrases make one wait. Pure: time is passed in. Rules: specs/storage.md [ST86] */
import { decodeCanonical, encode, readMap, readUint } from '../../codec/index.ts'
import { MAX_TIME } from '../../limits.ts'
import { FIRST_ATTEMPT_WAIT_MS, FREE_ATTEMPTS, MAX_ATTEMPT_WAIT_MS } from './constants.ts'

/** Attempts since a passphrase was right last */
export interface Attempts {
  count: number
  /** Of the last one, in milliseconds since the Unix epoch */
  time: number
}

export const NO_ATTEMPTS: Attempts = { count: 0, time: 0 }

/** Milliseconds until the next attempt may be made; 0 if it may be now */
export function waitFor ({ count, time }: Attempts, now: number): number {
  if (count < FREE_ATTEMPTS) {
    return 0
  }

  const wait = Math.min(FIRST_ATTEMPT_WAIT_MS * 2 ** Math.min(count - FREE_ATTEMPTS, 32), MAX_ATTEMPT_WAIT_MS)

  // a clock that was put back makes nobody wait longer
  return Math.max(0, Math.min(time, now) + wait - now)
}

/** One more, made now */
export function countAttempt ({ count }: Attempts, now: number): Attempts {
  return { count: count + 1, time: now }
}

export function encodeAttempts (attempts: Attempts): Uint8Array {
  return encode(attempts)
}

/** Damaged ones count as so many that there is a wait: damage is no way around it */
export function decodeAttempts (bytes: Uint8Array | undefined, now: number): Attempts {
  if (bytes == null) {
    return NO_ATTEMPTS
  }

  try {
    const fields = readMap(decodeCanonical(bytes, { maxBytes: 64, maxDepth: 1, maxItems: 8 }), 'Attempts', ['count', 'time'])

    return { count: readUint(fields.count, 'count'), time: readUint(fields.time, 'time', MAX_TIME) }
  } catch {
    return { count: FREE_ATTEMPTS, time: now }
  }
}
