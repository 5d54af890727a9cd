/** Archives on disk: written so that a kill leaves the old file or the new one, read from anywhere. Rules: [AR17] */
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileUnreadableError, FileUnwritableError } from './errors.ts'
import type { ArchiveFile } from '@pergola/protocols/archive'

const BUFFER_BYTES = 1024 * 1024

function isSystemError (err: unknown): err is NodeJS.ErrnoException {
  return err instanceof Error && 'syscall' in err
}

function reason ({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT': return 'there is no such file or folder'
    case 'EACCES':
    case 'EPERM': return 'it may not be opened by you'
    case 'EISDIR': return 'it is a folder'
    case 'ENOSPC': return 'the disk is full'
    default: return message
  }
}

/** Only its owner may read it: it may hold keys. @throws {FileUnwritableError} and what `bytes` throws */
export async function writeArchiveFile (path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${path}.part`

  try {
    await pipeline(Readable.from(bytes, { objectMode: true }), createWriteStream(part, { mode: 0o600, flush: true, highWaterMark: BUFFER_BYTES }))
    await rename(part, path)

    if (process.platform !== 'win32') {
      const folder = await open(dirname(path))

      await folder.sync().finally(async () => folder.close())
    }
  } catch (err) {
    await rm(part, { force: true }).catch(() => {})
    throw isSystemError(err) ? new FileUnwritableError(`${path} cannot be written: ${reason(err)}`, { cause: err }) : err
  }
}

/** Reads a file for as long as `use` does. @throws {FileUnreadableError} and what `use` throws */
export async function withArchiveFile<T> (path: string, use: (file: ArchiveFile) => Promise<T>): Promise<T> {
  try {
    const handle = await open(path)

    try {
      const { size } = await handle.stat()

      return await use({
        size,
        async read (offset, length) {
          const bytes = new Uint8Array(length)
          let done = 0

          while (done < length) {
            const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)

            if (bytesRead === 0) {
              break
            }

            done += bytesRead
          }

          return bytes.subarray(0, done)
        }
      })
    } finally {
      await handle.close()
    }
  } catch (err) {
    throw isSystemError(err) ? new FileUnreadableError(`${path} cannot be read: ${reason(err)}`, { cause: err }) : err
  }
}
