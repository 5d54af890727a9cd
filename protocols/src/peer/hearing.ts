/** What gossip says of the walls that are kept, judged and taken in; and what is said there oneself. */
import { isSendersFault } from '../errors.ts'
import { decodeRecord } from '../identity/index.ts'
import { wallOwner } from '../ids.ts'
import { MAX_INLINE_PAYLOAD_BYTES } from '../limits.ts'
import { decodeEntry, encodeEntry, verifyEntry } from '../log/index.ts'
import type { Account } from './account.ts'
import type { Gossip, GossipMessage, GossipVerdict } from '../gossip/index.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Entry, Log } from '../log/index.ts'

/** How long a hint waits for the record of a device that is not known yet */
const RECORD_WAIT_MS = 2_000

export interface HearingInit {
  account: Pick<Account, 'me'>
  log: Log
  gossip: Pick<Gossip, 'publish'>
  keeps (space: SpaceId): boolean
}

export interface Hearing {
  /** Until the signal fires */
  start (signal: AbortSignal): void
  /** Judges a message, and takes in what is good of a wall that is kept */
  validate (message: Pick<GossipMessage, 'space' | 'kind' | 'bytes'>): Promise<GossipVerdict>
}

export function createHearing ({ account, log, gossip, keeps }: HearingInit): Hearing {
  /** Hints that wait for a newer record, by whose it is: all of them together, for as long as the first may */
  const waiting = new Map<IdentityId, PromiseWithResolvers<void>>()

  async function newRecord (identity: IdentityId): Promise<void> {
    const known = waiting.get(identity)

    if (known != null) {
      return known.promise
    }

    const wait = Promise.withResolvers<void>()
    const timer = setTimeout(wait.resolve, RECORD_WAIT_MS)

    waiting.set(identity, wait)
    await wait.promise
    clearTimeout(timer)
    waiting.delete(identity)
  }

  async function judgeRecord (space: SpaceId, bytes: Uint8Array): Promise<GossipVerdict> {
    try {
      const record = await decodeRecord(bytes)

      if (record.record.identity !== wallOwner(space)) {
        return 'reject'
      }

      await log.putRecord(record)

      return 'accept'
    } catch (err) {
      return isSendersFault(err) ? 'reject' : 'ignore'
    }
  }

  async function judgeEntry (space: SpaceId, bytes: Uint8Array): Promise<GossipVerdict> {
    let entry

    try {
      entry = decodeEntry(bytes)
    } catch {
      return 'reject'
    }

    const { identity, rec } = entry.header

    if (entry.header.space !== space || !log.mayWrite(space, identity) || !await verifyEntry(entry)) {
      return 'reject'
    }

    const record = await log.record(identity)

    if (record == null || record.record.seq < rec) {
      await newRecord(identity)
    }

    if (keeps(space)) {
      // what cannot be taken now sync brings; forwarding does no harm, since every reader judges anew
      void log.ingest(space, [entry]).catch(() => {})
    }

    return 'accept'
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
      log.addEventListener('entries:added', ({ detail }) => { void tell(detail.space, detail.entries) }, { signal })
      log.addEventListener('record:changed', ({ detail }) => { waiting.get(detail.record.record.identity)?.resolve() }, { signal })
      signal.addEventListener('abort', () => { waiting.forEach(({ resolve }) => { resolve() }) }, { once: true })
    },

    async validate ({ space, kind, bytes }) {
      if (space == null) {
        return 'ignore'
      }

      if (kind === 'record') {
        return judgeRecord(space, bytes)
      }

      return kind === 'entry' ? judgeEntry(space, bytes) : 'accept'
    }
  }
}
