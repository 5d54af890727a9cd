import { concat } from 'uint8arrays/concat'
import { MAX_BACKUP_BYTES } from '../storage/constants.ts'
import { checkCar } from './check.ts'
import { CAR_NAME, KEYS_NAME } from './constants.ts'
import { ArchiveTooLargeError, NotAnArchiveError } from './errors.ts'
import { counted } from './progress.ts'
import { openSections } from './sections.ts'
import { takeEntries, takeFiles } from './take.ts'
import { openZip } from './zip-reader.ts'
import type { OpenArchive } from './index.ts'
import type { OnProgress } from './progress.ts'
import type { ArchiveFile } from './zip-reader.ts'
import type { AbortOptions } from '../interface.ts'

/**
 * Opens an archive and reads whose it is.
 *
 * @throws {NotAnArchiveError | ArchiveCutShortError | ArchiveDamagedError | ArchiveNewerError | ArchiveTooLargeError} and what reading the file throws
 */
export async function openArchive (file: ArchiveFile): Promise<OpenArchive> {
  const files = await openZip(file)
  const car = files.get(CAR_NAME)

  if (car == null) {
    throw new NotAnArchiveError('This file is not an archive: choose the file that was saved as one')
  }

  const { size, bytes } = car

  function read ({ signal, onProgress }: AbortOptions & { onProgress?: OnProgress }): AsyncIterable<Uint8Array> {
    return counted(bytes(signal == null ? {} : { signal }), done => onProgress?.(done, size))
  }

  const sections = await openSections(read({}))
  const { identity } = sections.manifest

  await sections.close()

  return {
    identity,
    async keys (options = {}) {
      const sealed = files.get(KEYS_NAME)

      if (sealed != null && sealed.size > MAX_BACKUP_BYTES) {
        throw new ArchiveTooLargeError('The locked keys in this archive are larger than any: it was not made by this program')
      }

      if (sealed == null) {
        return undefined
      }

      const parts: Uint8Array[] = []

      for await (const part of sealed.bytes(options)) {
        parts.push(part)
      }

      return concat(parts)
    },
    check: async init => checkCar(read(init), init),
    async take (checked, init) {
      const taken = await takeFiles(read(init), checked, init)
      const entries = await takeEntries(read(init.signal == null ? {} : { signal: init.signal }), init)

      return { ...entries, files: taken }
    }
  }
}
