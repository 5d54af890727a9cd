/** Looks through a whole archive before any of it is taken. Rules: specs/archive.md [AR10]. */
import { entryCid } from '../ids.ts'
import { createLog } from '../log/index.ts'
import { dagBytes } from '../media/walk.ts'
import { memoryStore } from '../storage/index.ts'
import { decodePayload } from '../wall/index.ts'
import { damaged, orDamaged } from './damage.ts'
import { openSections } from './sections.ts'
import type { CheckedArchive, CheckInit } from './index.ts'
import type { Sections } from './sections.ts'
import type { Entry, Log } from '../log/index.ts'
import type { ImageRef } from '../wall/index.ts'
import type { CID } from 'multiformats/cid'

function imagesOf ({ payload, header }: Entry): ImageRef[] {
  if (payload == null || header.epoch != null) {
    return []
  }

  try {
    const content = decodePayload(payload)

    switch (content.kind) {
      case 'post':
      case 'edit': return content.images ?? []
      case 'profile': return content.avatar == null ? [] : [content.avatar]
      default: return []
    }
  } catch {
    // a payload that no wall can read is kept and names nothing
    return []
  }
}

/** Sizes of the files that entries name, as far as they are among the roots */
function sizesOf (files: CID[]): { note (entry: Entry): void, of (cid: CID): number } {
  const sizes = new Map<string, number | undefined>(files.map(cid => [cid.toString(), undefined]))

  if (sizes.size < files.length) {
    throw damaged()
  }

  return {
    note (entry) {
      for (const { cid, size } of imagesOf(entry).flatMap(({ small, large }) => [small, large])) {
        const key = cid.toString()

        if (sizes.has(key)) {
          sizes.set(key, Math.max(size, sizes.get(key) ?? 0))
        }
      }
    },
    of (cid) {
      const size = sizes.get(cid.toString())

      if (size == null) {
        throw damaged()
      }

      return size
    }
  }
}

/** Takes the entries into a log that forgets them, without payloads: whether they are good is what it has to say */
async function checkEntries (scratch: Log, { spaces, heads }: Sections, note: (entry: Entry) => void): Promise<number> {
  const expected = new Set(heads.map(cid => cid.toString()))
  let count = 0

  for await (const { space, records, forks, pages } of spaces()) {
    for (const record of records) {
      await scratch.putRecord(record)
    }

    for (const proof of forks) {
      await orDamaged(async () => scratch.addForkProof(proof))
    }

    for await (const page of pages) {
      page.forEach(note)

      const { added } = await scratch.ingest(space, page.map(({ id, header, headerBytes, signature }) => ({ id, header, headerBytes, signature })))

      if (added.length < page.length) {
        throw damaged()
      }

      count += added.length
    }

    for (const { head } of await scratch.views(space)) {
      if (head != null) {
        expected.delete(entryCid(head.id).toString())
      }
    }
  }

  if (expected.size > 0) {
    throw damaged()
  }

  return count
}

/** @throws {ArchiveDamagedError | ArchiveNewerError | ArchiveTooLargeError} and what `source` throws */
export async function checkCar (source: AsyncIterable<Uint8Array>, { log, media, clock, signal }: CheckInit): Promise<CheckedArchive> {
  const sections = await openSections(source)

  try {
    const { manifest, files, next, end } = sections
    const scratch = createLog({ store: memoryStore(), clock, mayWrite: (space, identity) => log.mayWrite(space, identity) })
    const sizes = sizesOf(files)
    const entries = await checkEntries(scratch, sections, entry => { sizes.note(entry) })
    const checked = files.map(cid => ({ cid, size: sizes.of(cid) }))

    for (const { cid, size } of checked) {
      await orDamaged(async () => media.check(cid, { maxBytes: dagBytes(size), next, ...(signal == null ? {} : { signal }) }))
    }

    await end()

    return { ...manifest, entries, files: checked }
  } finally {
    await sections.close()
  }
}
