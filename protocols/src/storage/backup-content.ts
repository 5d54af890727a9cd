import { decodeCanonical, encode, readArray, readBytes, readMap, readOpenMap, readText, readUint } from '../codec/index.ts'
import { LimitExceededError } from '../errors.ts'
import { ENTROPY_BYTES } from '../identity/index.ts'
import { idBytes, spaceId } from '../ids.ts'
import { MAX_FRAME_BYTES, MAX_NAME_BYTES, MAX_RECORD_BYTES, MAX_RELAYS, MAX_TIME } from '../limits.ts'
import { readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { MAX_BACKUP_BYTES, MAX_BACKUP_ENTRIES, MAX_BACKUP_FOLLOWS, MAX_BACKUP_ITEMS, MAX_BACKUP_PEERS, MAX_BACKUP_RECORDS, MAX_PEER_BYTES } from './constants.ts'
import { BackupNewerError } from './errors.ts'
import type { SpaceId } from '../ids.ts'
import type { RelayInfo } from '../relay-info/index.ts'

/** Everything a person needs to go on elsewhere, but for device keys: a restore makes a new device */
export interface BackupContent {
  v: 1
  /** Milliseconds */
  created: number
  /** Root entropy, 16 bytes */
  entropy: Uint8Array
  /** Display name */
  name: string
  follows: Array<{ space: SpaceId, relays: RelayInfo[] }>
  /** One's own relays */
  relays: RelayInfo[]
  /** Transport ids of one's devices, as text: how the new one finds the others */
  peers: string[]
  /** Signed identity records, as they travel; to be verified by whoever takes them */
  records: Uint8Array[]
  /** Entries of one's own wall as `encodeEntry` makes them; to be verified by whoever takes them */
  entries: Uint8Array[]
}

const FIELDS = ['v', 'created', 'entropy', 'name', 'follows', 'relays', 'peers', 'records', 'entries']
const CONTENT_VERSION = 1

function readRelays (value: unknown): RelayInfo[] {
  return readArray(value, 'relays', MAX_RELAYS).map(readRelayInfo)
}

function readFollow (value: unknown): { space: SpaceId, relays: RelayInfo[] } {
  const fields = readMap(value, 'A follow', ['space', 'relays'])

  return { space: spaceId(readBytes(fields.space, 'space', 32)), relays: readRelays(fields.relays) }
}

function readBlocks (value: unknown, what: string, maxCount: number, maxBytes: number): Uint8Array[] {
  return readArray(value, what, maxCount).map(block => {
    const bytes = readBytes(block, what)

    if (bytes.length > maxBytes) {
      throw new LimitExceededError(`One of the ${what} is larger than ${maxBytes} bytes`)
    }

    return bytes
  })
}

/** @throws {MalformedError | LimitExceededError | MalformedIdError} if it cannot be read back */
export function encodeBackupContent (content: BackupContent): Uint8Array {
  const bytes = encode({
    ...content,
    follows: content.follows.map(({ space, relays }) => ({ space: idBytes(space), relays: relays.map(relayInfoValue) })),
    relays: content.relays.map(relayInfoValue)
  })

  decodeBackupContent(bytes)

  return bytes
}

/**
 * @throws {BackupNewerError} if a later version made it
 * @throws {MalformedError | LimitExceededError | MalformedIdError} if it is not what specs/storage.md says
 */
export function decodeBackupContent (bytes: Uint8Array): BackupContent {
  const value = decodeCanonical(bytes, { maxBytes: MAX_BACKUP_BYTES, maxItems: MAX_BACKUP_ITEMS })

  if (readUint(readOpenMap(value, 'A backup').v, 'v') > CONTENT_VERSION) {
    throw new BackupNewerError('This backup was made by a newer version: update this one first, then restore')
  }

  const fields = readMap(value, 'A backup', FIELDS)

  return {
    v: CONTENT_VERSION,
    created: readUint(fields.created, 'created', MAX_TIME),
    entropy: readBytes(fields.entropy, 'entropy', ENTROPY_BYTES),
    name: readText(fields.name, 'name', MAX_NAME_BYTES),
    follows: readArray(fields.follows, 'follows', MAX_BACKUP_FOLLOWS).map(readFollow),
    relays: readRelays(fields.relays),
    peers: readArray(fields.peers, 'peers', MAX_BACKUP_PEERS).map(peer => readText(peer, 'peer', MAX_PEER_BYTES)),
    records: readBlocks(fields.records, 'records', MAX_BACKUP_RECORDS, MAX_RECORD_BYTES),
    entries: readBlocks(fields.entries, 'entries', MAX_BACKUP_ENTRIES, MAX_FRAME_BYTES)
  }
}
