/** One's own devices: what they are called, which of them are there, in which order they act for all, and closing them. */
import { cleanText } from '../codec/index.ts'
import { deviceStatus, rootFromEntropy } from '../identity/index.ts'
import { deviceNames, deviceOrder, devicePeers } from '../own/index.ts'
import { NoRootError, NoSuchDeviceError, NotJoinedError } from './errors.ts'
import type { Life, Parts, Running } from './parts.ts'
import type { Sharing } from './sharing.ts'
import type { DeviceRole, IdentityRecord } from '../identity/index.ts'
import type { DeviceId } from '../ids.ts'
import type { Own, OwnDeviceOrder } from '../own/index.ts'

const NOT_YOURS = 'That is not one of your devices'

export interface OwnDevice {
  device: DeviceId
  /** Empty while it has none */
  name: string
  role: DeviceRole
  /** Whether it is this one */
  current: boolean
  /** Whether it is connected to this one now; this one is */
  online: boolean
  /** When it was connected last, as far as this program has seen since it was started */
  lastSeen?: number
}

export interface DevicesEvents {
  /** What `list` or `order` say may be different now */
  'devices:changed': CustomEvent<undefined>
}

export interface Devices extends EventTarget {
  /** Those that are open, in the order in which they were added */
  list (): OwnDevice[]
  /** @throws {NoSuchDeviceError | NotJoinedError | MalformedError} */
  rename (device: DeviceId, name: string): Promise<void>
  /**
   * Closes other devices: what they wrote until now stays, they write nothing more, and can open nothing that is written from now on. The
   * entropy of the phrase is needed where the root is not on this device. Closed ones stay closed; nothing changes when it fails.
   *
   * @throws {NoRootError | NoSuchDeviceError | DeviceClosedError | NotJoinedError}
   */
  close (devices: DeviceId[], options?: { entropy?: Uint8Array }): Promise<void>
  /** All open devices, the first that is there acts for all: as was chosen, then home nodes, then the others */
  order (): OwnDeviceOrder
  /** @throws {NoSuchDeviceError | NotJoinedError} */
  setOrder (order: DeviceId[]): Promise<void>
  /** Acts for all whenever it is there; null: the order decides. @throws {NoSuchDeviceError | NotJoinedError} */
  setFixed (device: DeviceId | null): Promise<void>

  addEventListener<K extends keyof DevicesEvents> (type: K, listener: (event: DevicesEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof DevicesEvents> (type: K, listener: (event: DevicesEvents[K]) => void): void
}

/** `begin` reads what is known, and follows it until the peer stops */
export type DeviceBook = Devices & { begin (running: Running): Promise<void> }

class OwnDeviceBook extends EventTarget implements DeviceBook {
  readonly #parts: Pick<Parts, 'account' | 'clock' | 'log' | 'ownSpace'>
  readonly #sharing: Pick<Sharing, 'settle'>
  readonly #life: Pick<Life, 'run' | 'running' | 'signal'>
  readonly #seen = new Map<DeviceId, number>()
  #record: IdentityRecord | undefined
  #watched: Own | undefined

  constructor (parts: Pick<Parts, 'account' | 'clock' | 'log' | 'ownSpace'>, sharing: Pick<Sharing, 'settle'>, life: Pick<Life, 'run' | 'running' | 'signal'>) {
    super()
    this.#parts = parts
    this.#sharing = sharing
    this.#life = life
  }

  async begin ({ callers }: Running): Promise<void> {
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
    callers.addEventListener('callers:changed', () => {
      this.#look()
      changed()
    }, { signal })
    own.watch(deviceNames, changed, { signal })
    own.watch(deviceOrder, changed, { signal })
    changed()
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
    const open = this.#record?.devices ?? []
    const isOpen = (device: DeviceId): boolean => open.some(entry => entry.device === device)
    const homesFirst = [...open.filter(({ role }) => role === 'home'), ...open.filter(({ role }) => role !== 'home')].map(({ device }) => device)
    const order = [...new Set([...(chosen?.order ?? []).filter(isOpen), ...homesFirst])]

    return chosen?.fixed != null && isOpen(chosen.fixed) ? { order, fixed: chosen.fixed } : { order }
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
