/** Which device comes before which. Rules: specs/primary.md [PR20]. */
import type { DeviceEntry, IdentityRecord } from '../identity/index.ts'
import type { DeviceId } from '../ids.ts'
import type { OwnDeviceOrder } from '../own/index.ts'

/** What a person chose: `device-order` of specs/own.md. Who is fixed stays in front however the others are ordered */
export type DeviceOrder = OwnDeviceOrder

/** What this folder needs of an identity record */
export interface OwnRecord extends Pick<IdentityRecord, 'seq'> {
  /** The open devices */
  devices: ReadonlyArray<Pick<DeviceEntry, 'device' | 'role'>>
}

/** Every open device once, the first to be primary in front */
export function rankDevices ({ devices }: OwnRecord, chosen?: DeviceOrder): DeviceId[] {
  const open = new Set(devices.map(({ device }) => device))
  const homes = devices.filter(({ role }) => role === 'home').map(({ device }) => device)
  const ranked = [...(chosen?.fixed == null ? [] : [chosen.fixed]), ...chosen?.order ?? [], ...homes, ...open]

  return [...new Set(ranked)].filter(device => open.has(device))
}
