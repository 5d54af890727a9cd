/** What a record changes in the one before, and what of it must not get lost to a competing one. Pure. Rules: specs/identity.md [ID36] to [ID40]. */
import { MAX_CLOSED_DEVICES, MAX_DEVICES } from '../limits.ts'
import { TooManyDevicesError } from './errors.ts'
import { deviceStatus } from './record.ts'
import type { ClosedDevice, DeviceEntry, IdentityRecord } from './record.ts'
import type { DeviceId } from '../ids.ts'

export interface DeviceChanges {
  /** To be listed */
  devices: DeviceEntry[]
  /** To be closed; for a device that is closed already, the cut that stands in place of the one it has */
  closed: ClosedDevice[]
}

type Devices = Pick<IdentityRecord, 'devices' | 'closed'>

/**
 * The devices of the next record. Nothing leaves `closed`, and what is closed is not listed.
 *
 * @throws {TooManyDevicesError}
 */
export function changeDevices (previous: Devices | undefined, changes: DeviceChanges): Devices {
  const closed = new Map<DeviceId, ClosedDevice>()
  const devices = new Map<DeviceId, DeviceEntry>()

  for (const entry of [...previous?.closed ?? [], ...changes.closed]) {
    closed.set(entry.device, entry)
  }

  for (const entry of [...previous?.devices ?? [], ...changes.devices]) {
    if (!closed.has(entry.device)) {
      devices.set(entry.device, entry)
    }
  }

  if (devices.size > MAX_DEVICES) {
    throw new TooManyDevicesError(`You have ${MAX_DEVICES} devices already: close one that you no longer use, then add this one`)
  }

  if (closed.size > MAX_CLOSED_DEVICES) {
    throw new TooManyDevicesError(`${MAX_CLOSED_DEVICES} devices were closed already, and more cannot be remembered`)
  }

  return { devices: [...devices.values()], closed: [...closed.values()] }
}

/**
 * What `before` says and `now`, which took its place without being built on it, does not: a device that is closed at another cut included, one
 * for which there is no room left out
 */
export function lostChanges (before: IdentityRecord, now: IdentityRecord): DeviceChanges {
  const closed = before.closed.filter(({ device }) => deviceStatus(now, device).status !== 'closed').slice(0, MAX_CLOSED_DEVICES - now.closed.length)
  const moved = before.closed.filter(({ device, cut }) => {
    const found = deviceStatus(now, device)

    return found.status === 'closed' && cut != null && found.cut !== cut
  })

  return {
    closed: [...closed, ...moved],
    devices: before.devices.filter(({ device }) => deviceStatus(now, device).status === 'unknown').slice(0, MAX_DEVICES - now.devices.length)
  }
}
