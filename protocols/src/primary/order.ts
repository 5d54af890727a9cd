/** Which device comes before which. Rules: specs/primary.md [PR20]. */
import type { DeviceEntry, IdentityRecord } from '../identity/index.ts'
import type { DeviceId } from '../ids.ts'

/** What a person chose: a replaceable document in the space of own devices */
export interface DeviceOrder {
  /** The first is to be primary. Devices that are not named follow: home nodes, then all others */
  order: DeviceId[]
  /** Stays in front however the others are ordered: "keep the home node primary" */
  fixed?: DeviceId
}

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
