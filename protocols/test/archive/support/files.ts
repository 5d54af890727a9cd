import { openArchive, writeArchive } from '../../../src/archive/index.ts'
import { systemClock } from '../../../src/interface.ts'
import { collect, fileOf } from './bytes.ts'
import type { Home } from './homes.ts'
import type { ArchiveTaken, WriteArchiveInit } from '../../../src/archive/index.ts'
import type { Person } from '../../../src/testing/simulator-people.ts'

export async function archiveInit ({ log, media, walls }: Home, { space }: Pick<Person, 'space'>): Promise<WriteArchiveInit> {
  const wall = await walls.open(space)

  return { log, media, clock: systemClock, view: wall.view(), spaces: [{ space, media: wall.media() }] }
}

export async function archiveOf (home: Home, author: Pick<Person, 'space'>, more: Partial<WriteArchiveInit> = {}): Promise<Uint8Array> {
  return collect((await writeArchive({ ...await archiveInit(home, author), ...more })).bytes)
}

/** Checks and takes, as whoever imports does */
export async function importTo ({ log, media }: Home, archive: Uint8Array, stepBytes?: number): Promise<ArchiveTaken & { files: number }> {
  const open = await openArchive(fileOf(archive))
  const checked = await open.check({ log, media, clock: systemClock })
  const { added, known, refused, files } = await open.take(checked, { log, media, ...(stepBytes == null ? {} : { stepBytes }) })

  return { added, known, refused, files: files.length }
}
