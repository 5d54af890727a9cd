/** The files of a ZIP, by name and within bounds. Rules: specs/archive.md [AR1], [AR13] to [AR15]. */
import { Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js'
import { FREE_EXPANSION_BYTES, MAX_ARCHIVE_NAMES, MAX_DIRECTORY_BYTES, MAX_EXPANSION } from './constants.ts'
import { damaged } from './damage.ts'
import { ArchiveCutShortError, ArchiveTooLargeError, NotAnArchiveError } from './errors.ts'
import type { AbortOptions } from '../interface.ts'
import type { FileEntry } from '@zip.js/zip.js/lib/zip-core-custom.js'

/** A file that can be read anywhere: an open file on Node, a `Blob` in browsers */
export interface ArchiveFile {
  size: number
  read (offset: number, length: number): Promise<Uint8Array>
}

export interface ZippedFile {
  /** Unpacked */
  size: number
  bytes (options?: AbortOptions): AsyncIterable<Uint8Array>
}

const CHUNK_BYTES = 1024 * 1024
/** `PK`, and the head of a file */
const MAGIC = [0x50, 0x4b, 3, 4]

/** What reading the file itself throws is not the archive's fault, and is told apart from what the ZIP throws */
class FileReader extends Reader<ArchiveFile> {
  readonly #file: ArchiveFile
  failure: { err: unknown } | undefined

  constructor (file: ArchiveFile) {
    super(file)
    this.#file = file
    this.size = file.size
  }

  async readUint8Array (index: number, length: number): Promise<Uint8Array> {
    try {
      if (length > MAX_DIRECTORY_BYTES) {
        throw tooLarge()
      }

      return await this.#file.read(index, Math.max(0, Math.min(length, this.size - index)))
    } catch (err) {
      this.failure = { err }
      throw err
    }
  }
}

function tooLarge (): ArchiveTooLargeError {
  return new ArchiveTooLargeError('This archive holds more, or unpacks to more, than any wall: it was not made by this program')
}

function checkName (name: string): void {
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || /[\\\0]/.test(name) || name.split('/').includes('..')) {
    throw damaged()
  }
}

function checkSize ({ compressedSize, uncompressedSize, encrypted }: FileEntry): void {
  if (encrypted) {
    throw damaged()
  }

  if (uncompressedSize > FREE_EXPANSION_BYTES && uncompressedSize > MAX_EXPANSION * compressedSize) {
    throw tooLarge()
  }
}

/** What unpacking pushes, to be pulled; whoever stops pulling stops the unpacking */
async function * unpacked (entry: FileEntry, reader: FileReader, { signal }: AbortOptions): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const chunks = readable.getReader()
  const left = new AbortController()
  const until = signal == null ? left.signal : AbortSignal.any([left.signal, signal])
  let size = 0
  let failed: { err: unknown } | undefined

  entry.getData(writable, { checkOverlappingEntry: true, signal: until }).catch(async err => {
    failed = { err }
    // of some failures the reading side does not hear otherwise
    await chunks.cancel().catch(() => {})
  })

  try {
    while (true) {
      const { done, value } = await chunks.read()

      if (done) {
        break
      }

      size += value.length

      if (size > entry.uncompressedSize) {
        throw damaged()
      }

      yield value
    }

    if (failed != null) {
      throw failed.err
    }

    if (size < entry.uncompressedSize) {
      throw damaged()
    }
  } catch (err) {
    signal?.throwIfAborted()
    throw reader.failure == null ? damaged(err) : reader.failure.err
  } finally {
    left.abort()
    void chunks.cancel().catch(() => {})
  }
}

/** Says what a file is in which no ZIP directory was found */
async function trouble (file: ArchiveFile, cause: unknown): Promise<Error> {
  const begin = await file.read(0, Math.min(MAGIC.length, file.size))

  if (begin.length === 0 || begin.some((byte, i) => byte !== MAGIC[i])) {
    return new NotAnArchiveError('This file is not an archive: choose the file that was saved as one', { cause })
  }

  return new ArchiveCutShortError('The end of this archive is missing: copy the file again from where it was saved', { cause })
}

/**
 * Reads the directory of a ZIP.
 *
 * @throws {NotAnArchiveError | ArchiveCutShortError | ArchiveDamagedError | ArchiveTooLargeError} and what reading the file throws
 */
export async function openZip (file: ArchiveFile): Promise<Map<string, ZippedFile>> {
  const reader = new FileReader(file)
  const zip = new ZipReader(reader, { useWebWorkers: false, filenameValidation: 'tolerant', chunkSize: CHUNK_BYTES } as ConstructorParameters<typeof ZipReader>[1])
  const files = new Map<string, ZippedFile>()

  try {
    for await (const entry of zip.getEntriesGenerator()) {
      checkName(entry.filename)

      if (files.has(entry.filename)) {
        throw damaged()
      }

      if (files.size === MAX_ARCHIVE_NAMES) {
        throw tooLarge()
      }

      if (!entry.directory) {
        checkSize(entry)
        files.set(entry.filename, { size: entry.uncompressedSize, bytes: (options = {}) => unpacked(entry, reader, options) })
      }
    }
  } catch (err) {
    if (reader.failure != null) {
      throw reader.failure.err
    }

    throw err instanceof Error && err.name.startsWith('Archive') ? err : await trouble(file, err)
  }

  return files
}
