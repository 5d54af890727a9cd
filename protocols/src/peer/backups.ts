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
/** Entries between two calls of `onProgress`; a restore takes so many into the log at a time */
const STEP_ENTRIES = 500

export interface BackupOptions {
  /** Whether the entries of one's own wall are in it; @default true */
  entries?: boolean
  /** Entries done, and in all; the last call says that all are */
  onProgress? (done: number, total: number): void
}

export interface BackupSource {
  account: Account
  log: Log
  walls: Walls
  settings: Settings
  clock: Clock
}

/** Everything a person needs to go on elsewhere, sealed under a passphrase */
export async function packBackup ({ account, log, walls, settings, clock }: BackupSource, reach: { relays: RelayInfo[], peers: string[] }, passphrase: string, { entries: withEntries = true, onProgress }: BackupOptions = {}): Promise<Uint8Array> {
  const { sealBackup } = await import('../storage/backup.ts')
  const { identity, space } = account.requireMe()
  const record = await log.record(identity)
  const entries: Entry[] = []
  const chains = withEntries ? await log.chains(space) : []
  const held = chains.flatMap(({ ranges }) => ranges).reduce((sum, { from, to }) => sum + to - from + 1, 0)
  const total = Math.min(held, MAX_ENTRIES)

  for (const chain of chains) {
    for await (const entry of log.read(chain, { reverse: true })) {
      if (entries.length >= MAX_ENTRIES) {
        break
      }

      if (entries.push(entry) % STEP_ENTRIES === 0) {
        onProgress?.(entries.length, total)
      }
    }
  }

  onProgress?.(total, total)

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
export async function unpackBackup (log: Log, backup: Uint8Array, passphrase: string, { onProgress }: BackupOptions = {}): Promise<BackupContent> {
  const { openBackup } = await import('../storage/backup.ts')
  const content = await openBackup(backup, passphrase)
  const total = content.entries.length
  let done = 0

  for (const bytes of content.records) {
    await log.putRecord(await decodeRecord(bytes))
  }

  for (const chain of Map.groupBy(content.entries.map(decodeEntry), ({ header }) => header.device).values()) {
    // newest first, as they were packed: each part links to the one before it
    for (let at = 0; at < chain.length; at += STEP_ENTRIES) {
      const part = chain.slice(at, at + STEP_ENTRIES)

      await log.ingest(part[0].header.space, part)
      done += part.length
      onProgress?.(done, total)
    }
  }

  return content
}
