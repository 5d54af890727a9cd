import { decodeRecord } from '../identity/index.ts'
import { decodeEntry, encodeEntry } from '../log/index.ts'
import type { Account } from './account.ts'
import type { Settings } from './settings.ts'
import type { Walls } from './walls.ts'
import type { Clock } from '../interface.ts'
import type { Entry, Log } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { BackupContent } from '../storage/index.ts'

/** Entries of one's own wall that a backup carries, the newest */
const MAX_ENTRIES = 20_000

export interface BackupSource {
  account: Account
  log: Log
  walls: Walls
  settings: Settings
  clock: Clock
}

/** Everything a person needs to go on elsewhere, sealed under a passphrase */
export async function packBackup ({ account, log, walls, settings, clock }: BackupSource, reach: { relays: RelayInfo[], peers: string[] }, passphrase: string): Promise<Uint8Array> {
  const { sealBackup } = await import('../storage/backup.ts')
  const { identity, space } = account.requireMe()
  const record = await log.record(identity)
  const entries: Entry[] = []

  for (const chain of await log.chains(space)) {
    for await (const entry of log.read(chain, { reverse: true })) {
      if (entries.push(entry) >= MAX_ENTRIES) {
        break
      }
    }
  }

  return sealBackup({
    v: 1,
    created: clock.now(),
    entropy: await account.entropy(),
    name: (await walls.open(space)).view().profile?.name ?? '',
    follows: await settings.follows.get(),
    ...reach,
    records: record == null ? [] : [record.bytes],
    entries: entries.map(entry => encodeEntry(entry))
  }, passphrase)
}

/**
 * Opens a backup and takes its records and entries into the log, each verified like any that comes from outside.
 *
 * @throws the errors of `openBackup`, and then the log is as it was
 */
export async function unpackBackup (log: Log, backup: Uint8Array, passphrase: string): Promise<BackupContent> {
  const { openBackup } = await import('../storage/backup.ts')
  const content = await openBackup(backup, passphrase)

  for (const bytes of content.records) {
    await log.putRecord(await decodeRecord(bytes))
  }

  for (const chain of Map.groupBy(content.entries.map(decodeEntry), ({ header }) => header.device).values()) {
    await log.ingest(chain[0].header.space, chain)
  }

  return content
}
