/** Everything of one's own as one file, and such a file taken in. Rules: specs/archive.md. */
import { rootFromEntropy } from '../identity/index.ts'
import { publicWall, wallOwner } from '../ids.ts'
import { dagBytes } from '../media/walk.ts'
import type { Peer } from './index.ts'
import type { Membership } from './membership.ts'
import type { Life, Parts } from './parts.ts'
import type { Archive, ArchiveTaken, OpenArchive } from '../archive/index.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'

/** How long a picture may take that is not here and has to be fetched first */
const FETCH_TIMEOUT_MS = 60_000

export interface ExportOptions extends AbortOptions {
  /** Adds what is needed to go on writing elsewhere, sealed under this */
  passphrase?: string
  /** Says in the readable part whom one follows; @default false */
  follows?: boolean
  onProgress? (done: number, total: number): void
}

export interface ImportOptions extends AbortOptions {
  /** Where nobody has joined, makes this device a new one of the archive's owner */
  passphrase?: string
  /** Bytes of the archive: it is read once to be checked, and then to be taken in */
  onProgress? (step: 'check' | 'take', done: number, total: number): void
}

export interface Imported extends ArchiveTaken {
  identity: IdentityId
  /** Name and posts of the wall as it is now */
  name: string
  posts: number
  /** Files that are new */
  files: number
  /** Whether this device became one of the archive's owner */
  restored: boolean
}

export type Archives = Pick<Peer, 'exportArchive' | 'importArchive'>

export function createArchives (
  parts: Pick<Parts, 'account' | 'clock' | 'log' | 'media' | 'settings' | 'walls'>,
  membership: Pick<Membership, 'restore'> & { packKeys (passphrase: string): Promise<Uint8Array> },
  life: Pick<Life, 'run' | 'signal'>
): Archives {
  const { account, clock, log, media, settings, walls } = parts

  function until (...signals: Array<AbortSignal | undefined>): AbortSignal {
    return AbortSignal.any([life.signal, ...signals.filter(signal => signal != null)])
  }

  /** Pictures that another device made may have to be fetched; what cannot be had is missing from the archive, and said to be */
  async function gather (space: SpaceId, signal: AbortSignal): Promise<void> {
    const { keeper } = await life.run()

    for (const { cid, size } of (await walls.open(space)).media()) {
      signal.throwIfAborted()

      if (!await media.isPinned(cid) && !await media.has(cid)) {
        await media.pin(cid, { providers: keeper.providers(space), maxBytes: dagBytes(size), signal: until(signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)) }).catch(() => {})
      }
    }
  }

  /** The sealed keys, once they are known to open and to be of the archive's owner */
  async function openKeys (archive: OpenArchive, passphrase: string, signal: AbortSignal): Promise<Uint8Array> {
    const [{ openBackup }, { ArchiveDamagedError, ArchiveWithoutKeysError }] = await Promise.all([import('../storage/backup.ts'), import('../archive/index.ts')])
    const keys = await archive.keys({ signal })

    if (keys == null) {
      throw new ArchiveWithoutKeysError('There are no keys in this archive: restore with your recovery phrase first, or import it without a passphrase to read it')
    }

    const { entropy } = await openBackup(keys, passphrase)

    if ((await rootFromEntropy(entropy)).identity !== archive.identity) {
      throw new ArchiveDamagedError('The keys in this archive are of somebody else: use another copy of it')
    }

    return keys
  }

  /** Pictures of posts that were deleted since are not kept */
  async function dropUnwanted (space: SpaceId, taken: Awaited<ReturnType<OpenArchive['take']>>): Promise<number> {
    const wanted = new Set((await walls.open(space)).media().map(({ cid }) => cid.toString()))
    const unwanted = taken.files.filter(cid => !wanted.has(cid.toString()))

    for (const cid of unwanted) {
      await media.unpin(cid)
    }

    return taken.files.length - unwanted.length
  }

  return {
    async exportArchive ({ passphrase, follows = false, signal, onProgress } = {}): Promise<Archive> {
      const { space } = account.requireMe()
      const keys = passphrase == null ? undefined : await membership.packKeys(passphrase)
      const { writeArchive } = await import('../archive/index.ts')
      const all = until(signal)

      await gather(space, all)

      const wall = await walls.open(space)

      return writeArchive({
        log,
        media,
        clock,
        view: wall.view(),
        spaces: [{ space, media: wall.media() }],
        signal: all,
        ...(follows ? { follows: (await settings.follows.get()).map(({ space: followed }) => wallOwner(followed)) } : {}),
        ...(keys == null ? {} : { keys }),
        ...(onProgress == null ? {} : { onProgress })
      })
    },

    async importArchive (file, { passphrase, signal, onProgress } = {}): Promise<Imported> {
      await life.run()

      const { openArchive, ForeignArchiveError } = await import('../archive/index.ts')
      const all = until(signal)
      const archive = await openArchive(file)
      const { identity } = archive
      const me = account.me()
      const space = publicWall(identity)

      if (me != null && me.identity !== identity) {
        throw new ForeignArchiveError('This archive is of somebody else: import it where nobody has joined yet')
      }

      const keys = me == null && passphrase != null ? await openKeys(archive, passphrase, all) : undefined
      const checked = await archive.check({ log, media, clock, signal: all, onProgress: (done, total) => onProgress?.('check', done, total) })
      const taken = await archive.take(checked, {
        log,
        media,
        signal: all,
        onProgress: (done, total) => onProgress?.('take', done, total),
        onRecord: async record => { await (me != null && record.record.identity === me.identity ? account.uphold(record) : undefined) }
      })

      if (keys != null && passphrase != null) {
        await membership.restore(keys, passphrase)
      } else if (me != null) {
        await account.reassert()
      }

      const files = await dropUnwanted(space, taken)
      const { profile, posts } = (await walls.open(space)).view()

      return { identity, name: profile?.name ?? '', posts: posts.length, added: taken.added, known: taken.known, refused: taken.refused, files, restored: keys != null }
    }
  }
}
