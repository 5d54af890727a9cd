/** Whether the keys of contacts and own devices were compared, and whether something about them needs a look. */
import { deviceStatus, encodeSafetyCode, isSameSafety, safetyNumber } from '../identity/index.ts'
import { deviceNames, devicePeers, verifiedDevices, verifiedPeople } from '../own/index.ts'
import { NoSuchDeviceError, NotJoinedError } from './errors.ts'
import type { Life, Parts } from './parts.ts'
import type { SafetySubject } from '../identity/index.ts'
import type { DeviceId, IdentityId } from '../ids.ts'
import type { Own } from '../own/index.ts'

/** Another person, or another device of one's own */
export type KeyOwner = { identity: IdentityId } | { device: DeviceId }

/**
 * `verified`: the safety numbers were compared. `unverified`: not yet. `changed`: they were, and since then none of the devices is left that the
 * person had, or whoever is there refused to be known when called last.
 */
export type KeyState = 'verified' | 'unverified' | 'changed'

export type KeyRow = KeyOwner & { name: string, state: KeyState }

export interface Keys {
  /** Contacts, then one's own other devices */
  list (): Promise<KeyRow[]>
  /** 60 digits, the same on both sides. @throws {NotJoinedError} */
  safetyNumber (of: KeyOwner): string
  /** Text of the QR code that this side shows. @throws {NotJoinedError} */
  safetyCode (of: KeyOwner): string
  /** Whether what the other side shows is what is believed here; then it is verified. @throws {MalformedError | UnknownVersionError | NotJoinedError} */
  scan (of: KeyOwner, code: string): Promise<boolean>
  /** The person says that the numbers are the same: all own devices know it then. @throws {NotJoinedError | NoSuchDeviceError} */
  verify (of: KeyOwner): Promise<void>
  /** Takes it back. @throws {NotJoinedError} */
  forget (of: KeyOwner): Promise<void>
}

export function createKeys ({ account, clock, log, ownSpace, settings }: Pick<Parts, 'account' | 'clock' | 'log' | 'ownSpace' | 'settings'>, life: Pick<Life, 'running'>): Keys {
  function shared (): Own {
    const own = ownSpace.current()

    if (own == null) {
      throw new NotJoinedError('Nobody has joined on this device yet')
    }

    return own
  }

  function subject (of: KeyOwner): SafetySubject {
    const { identity, device } = account.requireMe()

    return 'device' in of ? { identity, own: device, other: of.device } : { own: identity, other: of.identity }
  }

  async function openDevices (identity: IdentityId): Promise<DeviceId[] | undefined> {
    return (await log.record(identity))?.record.devices.map(({ device }) => device)
  }

  /** Whether somebody refused after a time, and none of these peers proved who they are */
  function hasRefused (peers: string[], since: number): boolean {
    const callers = life.running()?.callers
    const proved = new Set(callers?.proved().map(({ peer }) => peer.toString()))

    return peers.some(peer => (callers?.refused(peer) ?? -Infinity) > since) && !peers.some(peer => proved.has(peer))
  }

  async function stateOf (own: Own, identity: IdentityId, peers: string[]): Promise<KeyState> {
    const mark = own.get(verifiedPeople.at(identity))
    const open = await openDevices(identity)

    if (mark == null) {
      return 'unverified'
    }

    const isAnew = mark.devices.length > 0 && open != null && !mark.devices.some(device => open.includes(device))

    return isAnew || hasRefused(peers, mark.time) ? 'changed' : 'verified'
  }

  async function verify (of: KeyOwner): Promise<void> {
    const own = shared()
    const time = clock.now()

    if (!('device' in of)) {
      await own.set(verifiedPeople.at(of.identity), { time, devices: await openDevices(of.identity) ?? [] })
      return
    }

    const { record } = await account.record()

    if (of.device === account.requireMe().device || deviceStatus(record, of.device).status !== 'open') {
      throw new NoSuchDeviceError('That is not another device of yours')
    }

    await own.set(verifiedDevices.at(of.device), time)
  }

  return {
    safetyNumber: of => safetyNumber(subject(of)),
    safetyCode: of => encodeSafetyCode(subject(of)),
    verify,

    async list () {
      const own = ownSpace.current()

      if (own == null) {
        return []
      }

      const { device: current, identity: me } = account.requireMe()
      const devices = await openDevices(me) ?? []
      const people = await Promise.all((await settings.contacts.get()).map(async ({ identity, name, peers }) => ({ identity, name, state: await stateOf(own, identity, peers) })))

      return [...people, ...devices.filter(device => device !== current).map((device): KeyRow => {
        const peer = own.get(devicePeers.at(device))
        const time = own.get(verifiedDevices.at(device))
        const compared = peer != null && hasRefused([peer], time ?? 0) ? 'changed' : 'verified'

        return { device, name: own.get(deviceNames.at(device)) ?? '', state: time == null ? 'unverified' : compared }
      })]
    },

    async scan (of, code) {
      const isSame = isSameSafety(code, subject(of))

      if (isSame) {
        await verify(of)
      }

      return isSame
    },

    async forget (of) {
      await ('device' in of ? shared().set(verifiedDevices.at(of.device), null) : shared().set(verifiedPeople.at(of.identity), null))
    }
  }
}
