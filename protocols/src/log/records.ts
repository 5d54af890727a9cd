/** Identity records, by identity. */
import { decodeRecord, deviceStatus } from '../identity/index.ts'
import { publicWall } from '../ids.ts'
import { prefixKey } from './keys.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { DeviceId, EntryId, IdentityId } from '../ids.ts'
import type { Store, StoreOp } from '../interface.ts'
import type { ChainKey } from './entry.ts'
import type { Standing } from './take.ts'

/** Records kept in memory */
const MAX_CACHED_RECORDS = 4_096

/** Cuts in private spaces that are remembered */
const MAX_TOLD_CUTS = 16_384

export class Records {
  private readonly store: Store
  private readonly cache = new Map<IdentityId, SignedRecord>()
  /** By space, identity and device: what those who read a private space say */
  private readonly told = new Map<string, EntryId | null>()

  constructor (store: Store) {
    this.store = store
  }

  async get (identity: IdentityId): Promise<SignedRecord | undefined> {
    const cached = this.cache.get(identity)

    if (cached != null) {
      return cached
    }

    const bytes = await this.store.get(prefixKey('record', identity))

    if (bytes == null) {
      return undefined
    }

    const record = await decodeRecord(bytes)

    // one put meanwhile is newer
    return this.cache.get(identity) ?? this.set(record)
  }

  op (record: SignedRecord): StoreOp {
    return { type: 'put', key: prefixKey('record', record.record.identity), value: record.bytes }
  }

  /** After it was written */
  set (record: SignedRecord): SignedRecord {
    this.cache.delete(record.record.identity)
    this.cache.set(record.record.identity, record)

    if (this.cache.size > MAX_CACHED_RECORDS) {
      const [oldest] = this.cache.keys()

      this.cache.delete(oldest)
    }

    return record
  }

  async drop (identity: IdentityId): Promise<void> {
    await this.store.delete(prefixKey('record', identity), { durability: 'strict' })
    this.cache.delete(identity)
  }

  async standing ({ space, identity, device }: ChainKey): Promise<Standing> {
    const known = await this.get(identity)
    const standing: Standing = known == null ? { status: 'unknown' } : standingOf(known, device)

    if (standing.status !== 'closed' || space === publicWall(identity)) {
      return standing
    }

    // the cut in the record is of the public wall
    const cut = this.told.get(space + identity + device)

    return cut === undefined ? { status: 'ended', rec: standing.rec } : { ...standing, cut }
  }

  /** @returns whether that is something new */
  tell ({ space, identity, device }: ChainKey, cut: EntryId | null): boolean {
    const name = space + identity + device

    if (this.told.get(name) === cut) {
      return false
    }

    this.told.set(name, cut)

    if (this.told.size > MAX_TOLD_CUTS) {
      const [oldest] = this.told.keys()

      this.told.delete(oldest)
    }

    return true
  }
}

export function standingOf ({ record }: SignedRecord, device: DeviceId): Standing {
  const found = deviceStatus(record, device)

  switch (found.status) {
    case 'open': return { status: 'open', rec: record.seq }
    case 'closed': return { status: 'closed', rec: record.seq, cut: found.cut }
    default: return { status: 'unknown' }
  }
}
