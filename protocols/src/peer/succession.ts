/** Signing the next record of one's own identity, and finding what a competing one left out. Rules: specs/identity.md [ID36] to [ID40]. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { readBytes, sameBytes } from '../codec/index.ts'
import { changeDevices, decodeRecord, deviceStatus, lostChanges, signRecord } from '../identity/index.ts'
import { publicWall } from '../ids.ts'
import { createDocument } from './documents.ts'
import type { ReadingKeys } from './reading-keys.ts'
import type { ClosedDevice, DeviceChanges, Root, SignedRecord } from '../identity/index.ts'
import type { DeviceId, EntryId, IdentityId } from '../ids.ts'
import type { Clock, Store } from '../interface.ts'
import type { ChainKey, Log } from '../log/index.ts'

export interface SuccessionInit {
  store: Store
  log: Log
  clock: Clock
  reading: ReadingKeys
}

/** Not to be called again before the last call is done */
export interface Succession {
  /**
   * Signs the record after the newest one known; it is durable by then.
   *
   * @throws {TooManyDevicesError}
   */
  sign (root: Root, changes: (seq: number, previous: SignedRecord | undefined) => Promise<DeviceChanges>): Promise<SignedRecord>
  /** How devices are closed at the last of their entries that is held here */
  cuts (identity: IdentityId, devices: DeviceId[]): Promise<ClosedDevice[]>
  /** What a record that took the place of the one that stood here has to be told again */
  lost (now: SignedRecord): Promise<DeviceChanges>
  /** Nothing of a record that stands is lost */
  stands (now: SignedRecord): Promise<void>
}

export function succession ({ store, log, clock, reading }: SuccessionInit): Succession {
  /** Bytes of the newest record that was signed here or seen to stand: what it says must not get lost to one that competes with it */
  const stood = createDocument<Uint8Array | null>({
    store,
    name: 'record',
    initial: null,
    read: value => readBytes(value, 'The record that stood'),
    write: bytes => bytes
  })

  const chainOf = (identity: IdentityId, device: DeviceId): ChainKey => ({ space: publicWall(identity), identity, device })

  /** Place of a cut in its chain; -1 where none counts, undefined where it is not held */
  async function placeOf (identity: IdentityId, { device, cut }: { device: DeviceId, cut: EntryId | null }): Promise<number | undefined> {
    if (cut == null) {
      return -1
    }

    for await (const { id, header } of log.read(chainOf(identity, device), { reverse: true })) {
      if (id === cut) {
        return header.seq
      }
    }

    return undefined
  }

  /** Two holders of the root may have closed one device at different places: the longer chain stands, so that nothing written gets lost */
  async function isLonger (now: SignedRecord, closed: ClosedDevice): Promise<boolean> {
    const found = deviceStatus(now.record, closed.device)

    if (found.status !== 'closed' || found.cut == null) {
      return true
    }

    const [theirs, ours] = [await placeOf(now.record.identity, { device: closed.device, cut: found.cut }), await placeOf(now.record.identity, closed)]

    return theirs != null && ours != null && ours > theirs
  }

  return {
    async sign (root, changes) {
      const previous = await log.record(root.identity)
      const wanted = await changes(previous == null ? 0 : previous.record.seq + 1, previous)
      const closes = wanted.closed.some(({ device }) => previous == null || deviceStatus(previous.record, device).status !== 'closed')
      const record = await signRecord(root, {
        ...changeDevices(previous?.record, wanted),
        reading: previous == null || closes ? await reading.renew() : previous.record.reading,
        publish: ed25519.getPublicKey(root.publishSeed),
        time: clock.now()
      }, previous)

      await stood.update(() => record.bytes)
      await log.putRecord(record)

      return record
    },

    async cuts (identity, devices) {
      return Promise.all(devices.map(async device => ({ device, cut: (await log.chain(chainOf(identity, device)))?.head.id ?? null })))
    },

    async lost (now) {
      const bytes = await stood.get()

      if (bytes == null || sameBytes(bytes, now.bytes)) {
        return { devices: [], closed: [] }
      }

      const { devices, closed } = lostChanges((await decodeRecord(bytes)).record, now.record)
      const again: ClosedDevice[] = []

      for (const each of closed) {
        if (await isLonger(now, each)) {
          again.push(each)
        }
      }

      return { devices, closed: again }
    },

    async stands (now) {
      const bytes = await stood.get()

      if (bytes == null || !sameBytes(bytes, now.bytes)) {
        await stood.update(() => now.bytes)
      }
    }
  }
}
