/** What stands in the CAR besides the blocks themselves. Rules: specs/archive.md [AR6], [AR7]. */
import { decodeCanonical, encode, readArray, readBytes, readCid, readMap, readOpenMap, readText, readUint } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { SIGNATURE_BYTES } from '../identity/index.ts'
import { entryCid, idBytes, identityId, payloadCid, spaceId } from '../ids.ts'
import { MAX_TIME } from '../limits.ts'
import { MAX_ARCHIVE_ENTRIES, MAX_ARCHIVE_RECORDS, MAX_ARCHIVE_SPACES, MAX_ARCHIVED_BLOCK_BYTES, PAGE_ENTRIES } from './constants.ts'
import { newer } from './damage.ts'
import { ArchiveTooLargeError } from './errors.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Entry } from '../log/index.ts'
import type { CID } from 'multiformats/cid'

const FORMAT = 'pergola archive'
const VERSION = 1
const MAX_FORMAT_BYTES = 64

/** How many records, fork proofs and entries of a space follow */
export interface SpaceCounts {
  space: SpaceId
  records: number
  forks: number
  entries: number
}

export interface Manifest {
  /** Whose archive it is */
  identity: IdentityId
  /** Milliseconds */
  created: number
  spaces: SpaceCounts[]
}

/** One of a page, whose blocks follow */
export interface PageLine {
  header: CID
  signature: Uint8Array
  payload: CID | null
}

/** @throws {ArchiveTooLargeError} for more entries or records than an archive holds */
function checkCounts (spaces: SpaceCounts[]): void {
  const sum = (of: 'records' | 'forks' | 'entries'): number => spaces.reduce((total, space) => total + space[of], 0)

  if (sum('entries') > MAX_ARCHIVE_ENTRIES) {
    throw new ArchiveTooLargeError(`An archive holds at most ${MAX_ARCHIVE_ENTRIES} entries`)
  }

  if (sum('records') > MAX_ARCHIVE_RECORDS || sum('forks') > MAX_ARCHIVE_RECORDS || spaces.length > MAX_ARCHIVE_SPACES) {
    throw new ArchiveTooLargeError(`An archive holds at most ${MAX_ARCHIVE_SPACES} spaces and ${MAX_ARCHIVE_RECORDS} records of them`)
  }
}

/** @throws {ArchiveTooLargeError} */
export function encodeManifest ({ identity, created, spaces }: Manifest): Uint8Array {
  checkCounts(spaces)

  return encode({
    format: FORMAT,
    v: VERSION,
    identity: idBytes(identity),
    created,
    spaces: spaces.map(counts => ({ ...counts, space: idBytes(counts.space) }))
  })
}

/**
 * @throws {ArchiveNewerError} if a later version made it
 * @throws {ArchiveTooLargeError} if there is more of something than an archive holds
 * @throws {MalformedError | MalformedIdError} if it is no manifest
 */
export function decodeManifest (bytes: Uint8Array): Manifest {
  const value = decodeCanonical(bytes, { maxBytes: MAX_ARCHIVED_BLOCK_BYTES })
  const open = readOpenMap(value, 'A manifest')

  if (readText(open.format, 'format', MAX_FORMAT_BYTES) !== FORMAT) {
    throw new MalformedError('A manifest of something else')
  }

  if (readUint(open.v, 'v') > VERSION) {
    throw newer()
  }

  const fields = readMap(value, 'A manifest', ['format', 'v', 'identity', 'created', 'spaces'])
  const spaces = readArray(fields.spaces, 'spaces', MAX_ARCHIVE_SPACES).map(space => {
    const counts = readMap(space, 'A space', ['space', 'records', 'forks', 'entries'])

    return {
      space: spaceId(readBytes(counts.space, 'space', 32)),
      records: readUint(counts.records, 'records'),
      forks: readUint(counts.forks, 'forks'),
      entries: readUint(counts.entries, 'entries')
    }
  })

  checkCounts(spaces)

  return { identity: identityId(readBytes(fields.identity, 'identity', 32)), created: readUint(fields.created, 'created', MAX_TIME), spaces }
}

export function encodePage (entries: Entry[]): Uint8Array {
  return encode(entries.map(({ id, header, signature, payload }) => [
    entryCid(id), signature, payload == null ? null : payloadCid(header.payload, header.epoch != null)
  ]))
}

/** @throws {MalformedError | LimitExceededError} */
export function decodePage (bytes: Uint8Array): PageLine[] {
  return readArray(decodeCanonical(bytes, { maxBytes: MAX_ARCHIVED_BLOCK_BYTES }), 'A page', PAGE_ENTRIES).map(line => {
    const [header, signature, payload] = readArray(line, 'A line', 3)

    return {
      header: readCid(header, 'header'),
      signature: readBytes(signature, 'signature', SIGNATURE_BYTES),
      payload: payload === null ? null : readCid(payload, 'payload')
    }
  })
}
