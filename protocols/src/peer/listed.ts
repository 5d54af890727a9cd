import { compareRecords, deviceStatus } from '../identity/index.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { DeviceId } from '../ids.ts'
import type { Log } from '../log/index.ts'

/**
 * Whether a device may still speak for its identity. It shows the record that lists it; a newer one that is known here, and that closed it, is
 * what counts. A newer one that it shows is kept: ask only about people who are one's own or known.
 */
export async function isListed (log: Log, device: DeviceId, shown: SignedRecord): Promise<boolean> {
  const known = await log.record(shown.record.identity)

  if (known != null && compareRecords(known, shown) >= 0) {
    return deviceStatus(known.record, device).status === 'open'
  }

  await log.putRecord(shown)

  return deviceStatus(shown.record, device).status === 'open'
}
