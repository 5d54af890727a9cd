/** The backup file: what a person keeps elsewhere, under a passphrase. Rules: specs/storage.md [ST40] to [ST46]. */
import { decodeCanonical, encode, readArray, readBytes, readMap, sameBytes } from '../codec/index.ts'
import { isCutShort } from '../codec/measure.ts'
import { LimitExceededError, MalformedError, MalformedIdError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { systemRandom } from '../interface.ts'
import { openAead, sealAead } from './aead.ts'
import { decodeBackupContent, encodeBackupContent } from './backup-content.ts'
import { MAX_BACKUP_BYTES } from './constants.ts'
import { BackupCutShortError, BackupDamagedError, BackupNewerError, NotABackupError, WrongPassphraseError } from './errors.ts'
import { CHECK_BYTES, DEFAULT_KDF_COST, keyFromPassphrase, passphraseBytes, readKdfCost, SALT_BYTES } from './passphrase.ts'
import type { Random } from '../interface.ts'
import type { BackupContent } from './backup-content.ts'
import type { KdfCost } from './passphrase.ts'

export type { BackupContent }

const BACKUP_DOMAIN = 'pergola/backup/1'
const BACKUP_VERSION = 1
/** What every backup of every version begins with, after the head of its outermost array */
const MAGIC = encode('pergola backup')

export interface SealBackupOptions {
  /** @default 64 MiB, 3 passes, 1 lane */
  cost?: KdfCost
  /** @default systemRandom */
  random?: Random
}

interface Header {
  cost: KdfCost
  salt: Uint8Array
  check: Uint8Array
}

function aad (header: Uint8Array): Uint8Array {
  return withDomain(BACKUP_DOMAIN, header)
}

/**
 * @returns the bytes of the file
 * @throws {LimitExceededError | MalformedError} if the passphrase is empty, or something is more than a backup holds
 */
export async function sealBackup (content: BackupContent, passphrase: string, { cost = DEFAULT_KDF_COST, random = systemRandom }: SealBackupOptions = {}): Promise<Uint8Array> {
  const plain = encodeBackupContent(content)
  const salt = random.bytes(SALT_BYTES)
  const { key, check } = await keyFromPassphrase(passphrase, salt, readKdfCost({ ...cost }))
  const header = encode({ cost, salt, check } satisfies Header)
  const bytes = encode(['pergola backup', BACKUP_VERSION, header, await sealAead(key, plain, aad(header), random)])

  if (bytes.length > MAX_BACKUP_BYTES) {
    throw new LimitExceededError(`The backup would be larger than ${MAX_BACKUP_BYTES / 1024 / 1024} MiB`)
  }

  return bytes
}

/** Says what a file is that is no backup of this version; undefined if it may be one */
function trouble (bytes: Uint8Array): Error | undefined {
  const isArray = bytes.length > 0 && bytes[0] >> 5 === 4
  const begin = bytes.subarray(1, 1 + MAGIC.length)

  if (!isArray || !sameBytes(begin, MAGIC.subarray(0, begin.length))) {
    return new NotABackupError('This file is not a backup: choose the file that was saved as one')
  }

  const version = bytes[1 + MAGIC.length]

  if (begin.length < MAGIC.length || version == null) {
    return cutShort()
  }

  if (version !== BACKUP_VERSION) {
    return new BackupNewerError('This backup was made by a newer version: update this one first, then restore')
  }
}

function cutShort (): BackupCutShortError {
  return new BackupCutShortError('The end of this backup is missing: copy the file again from where it was saved')
}

function damaged (cause?: unknown): BackupDamagedError {
  return new BackupDamagedError('This backup was changed or damaged after it was saved: use another copy of it', { cause })
}

/** Bounds are exceeded, or shapes are wrong, only in files that somebody made or changed */
function orDamaged<T> (read: () => T): T {
  try {
    return read()
  } catch (err) {
    throw err instanceof MalformedError || err instanceof MalformedIdError ? damaged(err) : err
  }
}

function readHeader (bytes: Uint8Array): Header {
  const fields = readMap(decodeCanonical(bytes, { maxBytes: 1024, maxDepth: 2, maxItems: 32 }), 'A header', ['cost', 'salt', 'check'])

  return {
    cost: readKdfCost(fields.cost),
    salt: readBytes(fields.salt, 'salt', SALT_BYTES),
    check: readBytes(fields.check, 'check', CHECK_BYTES)
  }
}

/**
 * Opens a backup file. What is in it was sealed by somebody who knew the passphrase; its records and entries are still to be verified.
 *
 * @throws {NotABackupError} if it is something else
 * @throws {BackupNewerError} if a later version made it
 * @throws {BackupCutShortError} if its end is missing
 * @throws {WrongPassphraseError} if it was sealed with another one
 * @throws {BackupDamagedError} if it was changed
 * @throws {LimitExceededError} if it is larger, or would take more memory or time, than is allowed
 */
export async function openBackup (bytes: Uint8Array, passphrase: string): Promise<BackupContent> {
  const found = trouble(bytes)

  if (found != null) {
    throw found
  }

  if (isCutShort(bytes)) {
    throw cutShort()
  }

  passphraseBytes(passphrase)

  const [headerBytes, sealed] = orDamaged(() => {
    const [, , header, content] = readArray(decodeCanonical(bytes, { maxBytes: MAX_BACKUP_BYTES, maxDepth: 1, maxItems: 5 }), 'A backup', 4)

    return [readBytes(header, 'header'), readBytes(content, 'content')]
  })
  const header = orDamaged(() => readHeader(headerBytes))
  const { key, check } = await keyFromPassphrase(passphrase, header.salt, header.cost)

  if (!sameBytes(check, header.check)) {
    throw new WrongPassphraseError('This is not the passphrase of this backup: try again')
  }

  const plain = await openAead(key, sealed, aad(headerBytes))

  if (plain == null) {
    throw damaged()
  }

  return orDamaged(() => decodeBackupContent(plain))
}
