/** Takes what was checked. Rules: specs/archive.md [AR10] to [AR12]. */
import { dagBytes } from '../media/walk.ts'
import { MAX_STEP_BYTES } from './constants.ts'
import { orDamaged } from './damage.ts'
import { openSections } from './sections.ts'
import type { ArchiveTaken, CheckedArchive, TakeInit } from './index.ts'
import type { SpaceSection } from './sections.ts'
import type { SpaceId } from '../ids.ts'
import type { Entry } from '../log/index.ts'
import type { CID } from 'multiformats/cid'

/** @returns files that were not kept before */
export async function takeFiles (source: AsyncIterable<Uint8Array>, { files }: Pick<CheckedArchive, 'files'>, { media, signal }: TakeInit): Promise<CID[]> {
  const sections = await openSections(source)
  const sizes = new Map(files.map(({ cid, size }) => [cid.toString(), size]))
  const taken: CID[] = []

  try {
    for await (const { pages } of sections.spaces()) {
      for await (const page of pages) {
        void page
      }
    }

    for (const cid of sections.files) {
      const maxBytes = dagBytes(sizes.get(cid.toString()) ?? 0)

      if (await orDamaged(async () => media.take(cid, { maxBytes, next: sections.next, ...(signal == null ? {} : { signal }) }))) {
        taken.push(cid)
      }
    }
  } finally {
    await sections.close()
  }

  return taken
}

/** Gathers pages to steps: what is in one step is there together or not at all */
async function * steps (pages: AsyncIterable<Entry[]>, maxBytes: number): AsyncGenerator<Entry[]> {
  let step: Entry[] = []
  let size = 0

  for await (const page of pages) {
    step.push(...page)
    size += page.reduce((sum, { headerBytes, signature, payload }) => sum + headerBytes.length + signature.length + (payload?.length ?? 0), 0)

    if (size >= maxBytes) {
      yield step
      step = []
      size = 0
    }
  }

  if (step.length > 0) {
    yield step
  }
}

async function takeSpace ({ space, records, forks, pages }: SpaceSection, { log, onRecord, stepBytes = MAX_STEP_BYTES }: TakeInit, taken: ArchiveTaken): Promise<void> {
  for (const record of records) {
    if (!await log.putRecord(record)) {
      await onRecord?.(record)
    }
  }

  for (const proof of forks) {
    await log.addForkProof(proof)
  }

  for await (const entries of steps(pages, stepBytes)) {
    const { added, known, refused } = await log.ingest(space, entries)

    taken.added += added.length
    taken.known += known
    taken.refused += refused.length
  }
}

export async function takeEntries (source: AsyncIterable<Uint8Array>, init: TakeInit): Promise<ArchiveTaken & { spaces: SpaceId[] }> {
  const sections = await openSections(source)
  const taken = { added: 0, known: 0, refused: 0, spaces: sections.manifest.spaces.map(({ space }) => space) }

  try {
    for await (const section of sections.spaces()) {
      init.signal?.throwIfAborted()
      await takeSpace(section, init, taken)
    }
  } finally {
    await sections.close()
  }

  return taken
}
