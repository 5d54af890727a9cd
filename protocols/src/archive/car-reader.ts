/** Reads a CAR block by block within bounds, and believes no CID that it has not computed. Rules: specs/archive.md [AR5], [AR15]. */
import { asyncIterableReader, createDecoder } from '@ipld/car/decoder'
import { sha256 } from 'multiformats/hashes/sha2'
import { sameBytes } from '../codec/index.ts'
import { measure } from '../codec/measure.ts'
import { MAX_ARCHIVE_ROOTS, MAX_ARCHIVED_BLOCK_BYTES, MAX_CAR_CID_BYTES, MAX_CAR_HEAD_BYTES } from './constants.ts'
import { damaged, orDamaged } from './damage.ts'
import { ArchiveTooLargeError } from './errors.ts'
import type { Block } from './blocks.ts'
import type { CID } from 'multiformats/cid'

type BytesReader = ReturnType<typeof asyncIterableReader>

const HEAD_DEPTH = 4
/** Each root is a tag and the bytes under it */
const HEAD_ITEMS = 2 * MAX_ARCHIVE_ROOTS + 16

export interface CarReader {
  roots: CID[]
  /** The next block, or undefined at the end. @throws {ArchiveDamagedError} */
  next (): Promise<Block | undefined>
  /** Lets go of the source */
  close (): Promise<void>
}

/** The decoder reads what a length says, however long: so it is told the length that may be read before it does */
function bounded (reader: BytesReader): BytesReader {
  let hasHead = false

  return {
    upTo: async length => reader.upTo(length),
    async exactly (length, seek) {
      const max = hasHead ? MAX_ARCHIVED_BLOCK_BYTES + MAX_CAR_CID_BYTES : MAX_CAR_HEAD_BYTES

      if (!(length >= 0 && length <= max)) {
        throw damaged()
      }

      const bytes = await reader.exactly(length, seek)

      if (!hasHead) {
        measure(bytes, HEAD_DEPTH, HEAD_ITEMS)
        hasHead = true
      }

      return bytes
    },
    seek: length => { reader.seek(length) },
    get pos () {
      return reader.pos
    }
  }
}

async function checkBlock ({ cid, bytes }: Block): Promise<void> {
  if (cid.version !== 1 || cid.multihash.code !== sha256.code || bytes.length > MAX_ARCHIVED_BLOCK_BYTES) {
    throw damaged()
  }

  const { digest } = await sha256.digest(bytes)

  if (!sameBytes(digest, cid.multihash.digest)) {
    throw damaged()
  }
}

/** @throws {ArchiveDamagedError} and what `source` throws */
export async function openCar (source: AsyncIterable<Uint8Array>): Promise<CarReader> {
  const iterator = source[Symbol.asyncIterator]()
  let broken: { err: unknown } | undefined

  /** What the decoder throws is of no name of its own: whatever is not the source's fault is the file's */
  async function decoded<T> (read: () => Promise<T>): Promise<T> {
    try {
      return await orDamaged(read)
    } catch (err) {
      throw broken == null ? damaged(err) : broken.err
    }
  }

  const decoder = createDecoder(bounded(asyncIterableReader({
    [Symbol.asyncIterator]: () => ({
      async next () {
        try {
          return await iterator.next()
        } catch (err) {
          broken = { err }
          throw err
        }
      }
    })
  })))

  const { version, roots } = await decoded(async () => decoder.header()).catch(async err => {
    await iterator.return?.()
    throw err
  })

  if (version !== 1) {
    await iterator.return?.()
    throw damaged()
  }

  if (roots.length > MAX_ARCHIVE_ROOTS) {
    await iterator.return?.()
    throw new ArchiveTooLargeError(`An archive holds at most ${MAX_ARCHIVE_ROOTS} pictures and heads`)
  }

  const blocks = decoder.blocks()

  return {
    roots,
    async next () {
      const { value } = await decoded(async () => blocks.next())

      if (value != null) {
        await checkBlock(value)
      }

      return value ?? undefined
    },
    async close () {
      await iterator.return?.()
    }
  }
}
