import { InvalidSignatureError, LimitExceededError, MalformedError, MalformedIdError } from '../errors.ts'
import { UnknownVersionError } from '../log/index.ts'
import { MalformedMediaError, MediaLimitError } from '../media/errors.ts'
import { ArchiveDamagedError, ArchiveNewerError } from './errors.ts'

/** What decoders say of bytes that are not what they must be */
const FAULTS = [InvalidSignatureError, LimitExceededError, MalformedError, MalformedIdError, MalformedMediaError, MediaLimitError]

export function damaged (cause?: unknown): ArchiveDamagedError {
  return new ArchiveDamagedError('This archive was changed or damaged after it was made: use another copy of it', { cause })
}

export function newer (cause?: unknown): ArchiveNewerError {
  return new ArchiveNewerError('This archive was made by a newer version: update this one first, then import it', { cause })
}

/** Everything in an archive was found good when it was made, so what a decoder refuses was changed since */
export async function orDamaged<T> (read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (err) {
    if (err instanceof UnknownVersionError) {
      throw newer(err)
    }

    throw FAULTS.some(fault => err instanceof fault) ? damaged(err) : err
  }
}
