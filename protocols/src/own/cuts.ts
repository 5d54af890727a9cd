/** Which cut stands for a closed device, and what therefore counts of a chain. Rules: specs/own.md [OW3], [OW30], [OW31]. */
import { deviceStatus } from '../identity/index.ts'
import { rangeOf } from '../log/index.ts'
import { leaves } from '../wall/index.ts'
import type { IdentityRecord } from '../identity/index.ts'
import type { DeviceId, EntryId } from '../ids.ts'
import type { Place } from './payload.ts'
import type { ChainState, Range } from '../log/index.ts'
import type { Version } from '../wall/index.ts'

export interface Cut extends Version {
  /** Who says so */
  author: DeviceId
  /** Of whom */
  device: DeviceId
  /** The last entry that counts; null: none */
  last: Place | null
}

/** By device, what counts of its chain; a device that is not here: nothing */
export type Extents = ReadonlyMap<DeviceId, Range>

export class Cuts {
  readonly #byDevice = new Map<DeviceId, Map<EntryId, Cut>>()

  add (cut: Cut): void {
    const cuts = this.#byDevice.get(cut.device) ?? new Map<EntryId, Cut>()

    cuts.set(cut.id, cut)
    this.#byDevice.set(cut.device, cuts)
  }

  /** Those by such authors that none of them replaces, the one that stands first */
  of (device: DeviceId, isAuthor: (author: DeviceId) => boolean): Cut[] {
    return leaves([...this.#byDevice.get(device)?.values() ?? []].filter(({ author }) => isAuthor(author)))
  }
}

/** What counts of a chain, given the id that is held where the cut stands */
export function extentOf (chain: ChainState, record: IdentityRecord, last: Place | null | undefined, heldThere: EntryId | undefined): Range | undefined {
  const { status } = deviceStatus(record, chain.device)

  if (status === 'open') {
    return { from: 0, to: (chain.fork ?? Infinity) - 1 }
  }

  const range = last == null || heldThere !== last.id ? undefined : rangeOf(chain.ranges, last.seq)

  // entries of one range are linked: what is below the cut in it is what the cut builds upon
  return status !== 'closed' || last == null || range == null ? undefined : { from: range.from, to: last.seq }
}

export function countsIn (extents: Extents, device: DeviceId, seq: number): boolean {
  const extent = extents.get(device)

  return extent != null && extent.from <= seq && seq <= extent.to
}

export function sameExtents (a: Extents, b: Extents): boolean {
  return a.size === b.size && [...a].every(([device, { from, to }]) => b.get(device)?.from === from && b.get(device)?.to === to)
}
