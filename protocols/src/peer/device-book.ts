/** Devices as the record lists them, with what own devices share about them. */
import { cleanText } from '../codec/index.ts'
import { deviceStatus, rootFromEntropy } from '../identity/index.ts'
import { deviceNames, deviceOrder, devicePeers } from '../own/index.ts'
import { rankDevices } from '../primary/order.ts'
import { NoRootError, NoSuchDeviceError, NotJoinedError } from './errors.ts'
import type { Devices, OwnDevice } from './devices.ts'
import type { Life, Parts, Running } from './parts.ts'
import type { Primacy } from './primacy.ts'
import type { Sharing } from './sharing.ts'
import type { IdentityRecord } from '../identity/index.ts'
import type { DeviceId } from '../ids.ts'
import type { Own, OwnDeviceOrder } from '../own/index.ts'
import type { PrimaryTask } from '../primary/index.ts'

const NOT_YOURS = 'That is not one of your devices'

export interface DeviceBookInit {
  parts: Pick<Parts, 'account' | 'clock' | 'log' | 'ownSpace'>
  sharing: Pick<Sharing, 'settle'>
  primacy: Primacy
}

export interface DeviceBook extends Devices {
  /** Reads what is known, and follows it until the peer stops */
  begin (running: Running): Promise<void>
  /** This device may have slept */
  woke (): void
}

class OwnDeviceBook extends EventTarget implements DeviceBook {
  readonly #parts: DeviceBookInit['parts']
  readonly #sharing: DeviceBookInit['sharing']
  readonly #primacy: Primacy
  readonly #life: Pick<Life, 'run' | 'running' | 'signal'>
  readonly #seen = new Map<DeviceId, number>()
  #record: IdentityRecord | undefined
  #watched: Own | undefined

  constructor ({ parts, sharing, primacy }: DeviceBookInit, life: Pick<Life, 'run' | 'running' | 'signal'>) {
    super()
    this.#parts = parts
    this.#sharing = sharing
    this.#primacy = primacy
    this.#life = life
  }

  async begin (running: Running): Promise<void> {
    const { account, log, ownSpace } = this.#parts
    const { signal } = this.#life
    const own = await ownSpace.open()

    if (own == null || own === this.#watched) {
      return
    }

    const changed = (): void => { this.dispatchEvent(new CustomEvent('devices:changed')) }
    const { identity } = account.requireMe()

    this.#watched = own
    this.#record = (await account.record()).record
    log.addEventListener('record:changed', ({ detail: { record: { record } } }) => {
      if (record.identity === identity) {
        this.#record = record
        changed()
      }
    }, { signal })
    running.callers.addEventListener('callers:changed', () => {
      this.#look()
      changed()
    }, { signal })
    await this.#primacy.begin(running, own, () => {
      changed()
      this.dispatchEvent(new CustomEvent('primary:changed'))
    })
    own.watch(deviceNames, changed, { signal })
    own.watch(deviceOrder, changed, { signal })
    changed()
  }

  woke (): void {
    this.#primacy.woke()
  }

  list (): OwnDevice[] {
    const me = this.#parts.account.me()
    const own = this.#parts.ownSpace.current()
    const connected = this.#look()

    return (this.#record?.devices ?? []).map(({ device, role }) => {
      const seen = this.#seen.get(device)

      return {
        device,
        role,
        name: own?.get(deviceNames.at(device)) ?? '',
        current: device === me?.device,
        primary: device === this.#primacy.primary(),
        online: device === me?.device || connected.has(device),
        ...seen == null ? {} : { lastSeen: seen }
      }
    })
  }

  async rename (device: DeviceId, name: string): Promise<void> {
    const own = await this.#shared([device])

    await own.set(deviceNames.at(device), cleanText(name))
  }

  async close (devices: DeviceId[], { entropy }: { entropy?: Uint8Array } = {}): Promise<void> {
    const { account } = this.#parts
    const { identity, device: current } = account.requireMe()
    const own = await this.#shared([])
    const { record } = await account.record()
    const others = devices.filter(device => deviceStatus(record, device).status === 'open')

    // before anything is written: what fails changes nothing
    if (entropy == null) {
      await account.entropy()
    } else if ((await rootFromEntropy(entropy)).identity !== identity) {
      throw new NoRootError('These words belong to somebody else: type those that you wrote down when you joined')
    }

    if (devices.includes(current)) {
      throw new NoSuchDeviceError('This is the device in your hand: close it from another one of yours')
    }

    if (devices.some(device => deviceStatus(record, device).status === 'unknown')) {
      throw new NoSuchDeviceError(NOT_YOURS)
    }

    await own.cut(others)

    await account.closeDevices(devices, entropy)
    await this.#sharing.settle()

    for (const device of others) {
      await own.set(devicePeers.at(device), null)
    }
  }

  order (): OwnDeviceOrder {
    const chosen = this.#parts.ownSpace.current()?.get(deviceOrder)
    const devices = this.#record?.devices ?? []
    const order = rankDevices({ seq: 0, devices }, { order: chosen?.order ?? [] })

    return chosen?.fixed != null && order.includes(chosen.fixed) ? { order, fixed: chosen.fixed } : { order }
  }

  async setOrder (order: DeviceId[]): Promise<void> {
    const own = await this.#shared(order)
    const { fixed } = this.order()

    await own.set(deviceOrder, { order: [...new Set(order)], ...fixed == null ? {} : { fixed } })
  }

  async setFixed (device: DeviceId | null): Promise<void> {
    const own = await this.#shared(device == null ? [] : [device])

    await own.set(deviceOrder, { order: own.get(deviceOrder)?.order ?? [], ...device == null ? {} : { fixed: device } })
  }

  isPrimary (): boolean {
    const me = this.#parts.account.me()

    return me != null && this.#primacy.primary() === me.device
  }

  whenPrimary (task: PrimaryTask): () => void {
    return this.#primacy.whenPrimary(task)
  }

  /** What own devices share. @throws if one of these is none of one's own that is open */
  async #shared (devices: DeviceId[]): Promise<Own> {
    await this.#life.run()

    const own = this.#parts.ownSpace.current()

    if (own == null) {
      throw new NotJoinedError('Nobody has joined on this device yet')
    }

    if (devices.some(device => !this.#record?.devices.some(entry => entry.device === device))) {
      throw new NoSuchDeviceError(NOT_YOURS)
    }

    return own
  }

  /** Own devices that are connected, each of which was seen now */
  #look (): Set<DeviceId> {
    const connected = (this.#life.running()?.callers.proved() ?? []).filter(({ own }) => own).map(({ device }) => device)

    connected.forEach(device => { this.#seen.set(device, this.#parts.clock.now()) })

    return new Set(connected)
  }
}

export function createDevices (...init: ConstructorParameters<typeof OwnDeviceBook>): DeviceBook {
  return new OwnDeviceBook(...init)
}
