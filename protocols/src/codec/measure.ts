import { LimitExceededError, MalformedError } from '../errors.ts'

/** Bytes of the argument that follow an initial byte with this additional information */
const ARGUMENT_BYTES: Record<number, number> = { 24: 1, 25: 2, 26: 4, 27: 8 }

const CUT_SHORT = 'CBOR is cut short'

/** Whether bytes begin as CBOR and end before it does: a copy that was interrupted, rather than something else */
export function isCutShort (bytes: Uint8Array): boolean {
  try {
    measure(bytes, Infinity, Infinity)
    return false
  } catch (err) {
    return err instanceof MalformedError && err.message === CUT_SHORT
  }
}

/**
 * Walks over CBOR without building anything, so that depth and number of items are known before a decoder allocates for them.
 *
 * @throws {LimitExceededError} if it is deeper or holds more items than allowed
 * @throws {MalformedError} if it is cut short, has an indefinite length or bytes after its end
 */
export function measure (bytes: Uint8Array, maxDepth: number, maxItems: number): void {
  /** How many members are still to come, for each open array or map */
  const open: number[] = []
  let items = 0
  let at = 0

  do {
    if (at >= bytes.length) {
      throw new MalformedError(CUT_SHORT)
    }

    if (++items > maxItems) {
      throw new LimitExceededError(`More than ${maxItems} items`)
    }

    const initial = bytes[at++]
    const major = initial >> 5
    const info = initial & 31
    let argument = info

    if (info > 27) {
      throw new MalformedError('CBOR of indefinite length is not allowed')
    }

    if (info > 23) {
      const length = ARGUMENT_BYTES[info]

      if (at + length > bytes.length) {
        throw new MalformedError(CUT_SHORT)
      }

      argument = 0

      for (let i = 0; i < length; i++) {
        argument = argument * 256 + bytes[at++]
      }
    }

    if (open.length > 0) {
      open[open.length - 1]--
    }

    if (major === 2 || major === 3) {
      if (argument > bytes.length - at) {
        throw new MalformedError(CUT_SHORT)
      }

      at += argument
    } else if (major === 4 || major === 5 || major === 6) {
      const members = major === 5 ? argument * 2 : major === 6 ? 1 : argument

      // a member takes a byte at the least
      if (members > bytes.length - at) {
        throw new MalformedError(CUT_SHORT)
      }

      if (members > 0) {
        open.push(members)

        if (open.length > maxDepth) {
          throw new LimitExceededError(`Nested deeper than ${maxDepth}`)
        }
      }
    }

    while (open.length > 0 && open[open.length - 1] === 0) {
      open.pop()
    }
  } while (open.length > 0)

  if (at !== bytes.length) {
    throw new MalformedError('Bytes after the end of the CBOR')
  }
}
