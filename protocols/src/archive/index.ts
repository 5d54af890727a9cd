/**
 * Everything of a person in one file: a ZIP of readable files and a CAR of all that was signed, to be kept and to be taken in elsewhere.
 * Rules: specs/archive.md.
 *
 * @example
 * ```ts
 * const { bytes } = await writeArchive({ log, media, clock, view: wall.view(), spaces: [{ space, media: wall.media() }] })
 *
 * const archive = await openArchive(file)
 * const checked = await archive.check({ log, media, clock })
 * await archive.take(checked, { log, media })
 * ```
 */
import type { OnProgress } from './progress.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { AbortOptions, Clock } from '../interface.ts'
import type { Log } from '../log/index.ts'
import type { Media } from '../media/index.ts'
import type { MediaRef, WallView } from '../wall/index.ts'
import type { CID } from 'multiformats/cid'

export { openArchive } from './open.ts'
export { writeArchive } from './write.ts'
export {
  ArchiveCutShortError, ArchiveDamagedError, ArchiveNewerError, ArchiveTooLargeError, ArchiveWithoutKeysError, ForeignArchiveError,
  NotAnArchiveError, WallChangedError
} from './errors.ts'
export type { OnProgress } from './progress.ts'
export type { ArchiveFile } from './zip-reader.ts'

/** A space whose chains go into the CAR; what is in it may be sealed */
export interface ArchivedSpace {
  space: SpaceId
  /** Its files, which go into the CAR as far as they are here */
  media: MediaRef[]
}

export interface WriteArchiveInit extends AbortOptions {
  log: Log
  media: Pick<Media, 'isPinned' | 'has' | 'blocks' | 'content'>
  clock: Clock
  /** The public wall: what is readable */
  view: WallView
  spaces: ArchivedSpace[]
  /** Whom one follows; left out unless the owner wants it there */
  follows?: IdentityId[]
  /** A sealed backup without entries */
  keys?: Uint8Array
  onProgress?: OnProgress
}

export interface Archive {
  posts: number
  /** Files that are in it */
  files: number
  /** Files that could not be had */
  missing: number
  /** About how many bytes it will be */
  total: number
  /** To be read once, or left early. @throws {WallChangedError | MediaUnavailableError} if what was there is gone */
  bytes: AsyncIterable<Uint8Array>
}

export interface CheckInit extends AbortOptions {
  /** Whose policy says who may write where; is not changed */
  log: Pick<Log, 'mayWrite'>
  media: Pick<Media, 'check'>
  clock: Clock
  onProgress?: OnProgress
}

/** What was found in an archive, all of it good */
export interface CheckedArchive {
  identity: IdentityId
  /** When it was made, in milliseconds */
  created: number
  entries: number
  files: Array<{ cid: CID, size: number }>
}

export interface TakeInit extends AbortOptions {
  log: Log
  media: Pick<Media, 'take'>
  /** A record that does not stand above the one known; what only it says may have to be said again */
  onRecord? (record: SignedRecord): Promise<void>
  onProgress?: OnProgress
  /** Bytes of entries that are written together; @default MAX_STEP_BYTES */
  stepBytes?: number
}

export interface ArchiveTaken {
  /** Entries that are new */
  added: number
  /** Entries that were there */
  known: number
  /** Entries that do not count here: of a device that was closed before them, or that wrote otherwise meanwhile */
  refused: number
}

export interface OpenArchive {
  /** Whose it says it is; `check` proves that it is a good archive, not that it is a person's newest */
  identity: IdentityId
  /** The sealed backup in it, if there is one. @throws {ArchiveDamagedError | ArchiveTooLargeError} */
  keys (options?: AbortOptions): Promise<Uint8Array | undefined>
  /** Changes nothing. @throws {ArchiveDamagedError | ArchiveNewerError | ArchiveTooLargeError} */
  check (init: CheckInit): Promise<CheckedArchive>
  /** Resolves when all of it is durable; to be called again after a kill. `files`: those that were not kept before */
  take (checked: CheckedArchive, init: TakeInit): Promise<ArchiveTaken & { files: CID[], spaces: SpaceId[] }>
}
