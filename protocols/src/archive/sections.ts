/** The parts of the CAR in their order, read once from its beginning. Rules: specs/archive.md [AR5] to [AR8]. */
import { decodeRecord } from '../identity/index.ts'
import { entryCid, payloadCid } from '../ids.ts'
import { readEntry } from '../log/index.ts'
import { isCbor } from './blocks.ts'
import { openCar } from './car-reader.ts'
import { damaged, orDamaged } from './damage.ts'
import { decodeManifest, decodePage } from './manifest.ts'
import type { Manifest, SpaceCounts } from './manifest.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { SpaceId } from '../ids.ts'
import type { Entry } from '../log/index.ts'
import type { CID } from 'multiformats/cid'

export interface SpaceSection {
  space: SpaceId
  records: SignedRecord[]
  forks: Uint8Array[]
  /** To be read to its end before the next section */
  pages: AsyncIterable<Entry[]>
}

export interface Sections {
  manifest: Manifest
  /** Roots that are heads of chains */
  heads: CID[]
  /** Roots of files, in the order of their blocks */
  files: CID[]
  /** To be read to its end before the files */
  spaces (): AsyncIterable<SpaceSection>
  /** The bytes of the next block, which must be this one */
  next (cid: CID): Promise<Uint8Array>
  /** @throws {ArchiveDamagedError} if there is still something */
  end (): Promise<void>
  close (): Promise<void>
}

/** @throws {ArchiveDamagedError | ArchiveNewerError | ArchiveTooLargeError} and what `source` throws */
export async function openSections (source: AsyncIterable<Uint8Array>): Promise<Sections> {
  const car = await openCar(source)
  const [first, ...roots] = car.roots

  /** Without a CID: whichever dag-cbor comes */
  async function next (cid?: CID): Promise<Uint8Array> {
    const block = await car.next()

    if (block == null || (cid == null ? !isCbor(block.cid) : !block.cid.equals(cid))) {
      throw damaged()
    }

    return block.bytes
  }

  async function readManifest (): Promise<Manifest> {
    if (first == null) {
      throw damaged()
    }

    const bytes = await next(first)

    return orDamaged(() => decodeManifest(bytes))
  }

  async function * pages ({ entries: count }: SpaceCounts): AsyncGenerator<Entry[]> {
    for (let left = count; left > 0;) {
      const bytes = await next()
      const lines = await orDamaged(() => decodePage(bytes))

      if (lines.length === 0 || lines.length > left) {
        throw damaged()
      }

      const entries: Entry[] = []

      for (const { header, signature, payload } of lines) {
        const headerBytes = await next(header)
        const payloadBytes = payload == null ? undefined : await next(payload)

        const entry = await orDamaged(() => readEntry(headerBytes, signature, payloadBytes))

        if (!entryCid(entry.id).equals(header) || payload?.equals(payloadCid(entry.header.payload, entry.header.epoch != null)) === false) {
          throw damaged()
        }

        entries.push(entry)
      }

      left -= lines.length
      yield entries
    }
  }

  async function many<T> (count: number, read: (bytes: Uint8Array) => T | Promise<T>): Promise<T[]> {
    const out: T[] = []

    for (let i = 0; i < count; i++) {
      const bytes = await next()

      out.push(await orDamaged(() => read(bytes)))
    }

    return out
  }

  const manifest = await readManifest().catch(async err => {
    await car.close()
    throw err
  })

  return {
    manifest,
    heads: roots.filter(isCbor),
    files: roots.filter(cid => !isCbor(cid)),
    async * spaces () {
      for (const counts of manifest.spaces) {
        yield {
          space: counts.space,
          records: await many(counts.records, decodeRecord),
          forks: await many(counts.forks, bytes => bytes),
          pages: pages(counts)
        }
      }
    },
    next,
    async end () {
      if (await car.next() != null) {
        throw damaged()
      }
    },
    close: async () => car.close()
  }
}
