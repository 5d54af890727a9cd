/** What gossip says of the walls that are kept, judged and taken in; and what is said there oneself. */
import { decodeRecord } from '../identity/index.ts'
import { wallOwner } from '../ids.ts'
import { MAX_INLINE_PAYLOAD_BYTES } from '../limits.ts'
import { decodeEntry, encodeEntry, verifyEntry } from '../log/index.ts'
import type { Account } from './account.ts'
import type { PeerNetwork } from './network.ts'
import type { GossipMessage, GossipValidateOptions, GossipVerdict } from '../gossip/index.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Entry, Log, LogEvents } from '../log/index.ts'

/** How long a hint waits for the record of a device that is not known yet */
const RECORD_WAIT_MS = 2_000

export interface HearingInit {
  account: Account
  log: Log
  network: PeerNetwork
  keeps (space: SpaceId): boolean
}

export interface Hearing {
  /** Until the signal fires */
  start (signal: AbortSignal): void
  validate (message: GossipMessage, options: GossipValidateOptions): Promise<GossipVerdict>
}

export function createHearing ({ account, log, network, keeps }: HearingInit): Hearing {
  const { gossip } = network.services

  /** Resolves when there is a record of an identity that is newer than the one known, or when the signal fires */
  async function newRecord (identity: IdentityId, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const changed = ({ detail }: LogEvents['record:changed']): void => {
      if (detail.record.record.identity === identity) {
        resolve()
      }
    }
    const aborted = (): void => { resolve() }

    log.addEventListener('record:changed', changed)
    signal.addEventListener('abort', aborted, { once: true })
    await promise
    log.removeEventListener('record:changed', changed)
    signal.removeEventListener('abort', aborted)
  }

  async function judgeRecord (space: SpaceId, bytes: Uint8Array): Promise<GossipVerdict> {
    try {
      const record = await decodeRecord(bytes)

      if (record.record.identity !== wallOwner(space)) {
        return 'reject'
      }

      await log.putRecord(record)

      return 'accept'
    } catch {
      return 'reject'
    }
  }

  async function judgeEntry (space: SpaceId, bytes: Uint8Array, signal: AbortSignal): Promise<GossipVerdict> {
    let entry

    try {
      entry = decodeEntry(bytes)
    } catch {
      return 'reject'
    }

    if (entry.header.space !== space || !await verifyEntry(entry)) {
      return 'reject'
    }

    const record = await log.record(entry.header.identity)

    if (record == null || record.record.seq < entry.header.rec) {
      await newRecord(wallOwner(space), AbortSignal.any([signal, AbortSignal.timeout(RECORD_WAIT_MS)]))
    }

    // sync brings it if the record is too late; forwarding does no harm, since every reader judges anew
    return 'accept'
  }

  async function hear ({ space, kind, bytes }: GossipMessage): Promise<void> {
    if (space != null && kind === 'entry' && keeps(space)) {
      await log.ingest(space, [decodeEntry(bytes)])
    }
  }

  /** Own new entries go to the neighbours at once; those of others came from somebody who does that */
  async function tell (space: SpaceId, entries: Entry[]): Promise<void> {
    const me = account.me()

    if (me == null || !keeps(space)) {
      return
    }

    for (const entry of entries) {
      if (entry.header.device === me.device) {
        const inline = entry.payload != null && entry.payload.length <= MAX_INLINE_PAYLOAD_BYTES

        await gossip.publish(space, 'entry', encodeEntry(entry, inline)).catch(() => 0)
      }
    }
  }

  return {
    start (signal) {
      gossip.addEventListener('message:received', ({ detail }) => { void hear(detail) }, { signal })
      log.addEventListener('entries:added', ({ detail }) => { void tell(detail.space, detail.entries) }, { signal })
    },

    async validate ({ space, kind, bytes }, { signal }) {
      if (space == null) {
        return 'ignore'
      }

      if (kind === 'record') {
        return judgeRecord(space, bytes)
      }

      return kind === 'entry' ? judgeEntry(space, bytes, signal) : 'accept'
    }
  }
}
