import { x25519 } from '@noble/curves/ed25519.js'
import { readBytes, readMap, sameBytes } from '../codec/index.ts'
import { createEntropy, deviceStatus, lostChanges, proveDevice, rootFromEntropy } from '../identity/index.ts'
import { deviceId, idBytes, identityId, publicWall } from '../ids.ts'
import { MAX_DEVICES } from '../limits.ts'
import { createDocument } from './documents.ts'
import { AlreadyJoinedError, DeviceClosedError, NoRootError, NoSuchDeviceError, NotJoinedError } from './errors.ts'
import { readingKeys } from './reading-keys.ts'
import { succession } from './succession.ts'
import type { Account, AccountInit, Me, OwnSecrets } from './account.ts'
import type { Document } from './documents.ts'
import type { ReadingKeys } from './reading-keys.ts'
import type { Succession } from './succession.ts'
import type { DeviceEntry, Root, SignedRecord } from '../identity/index.ts'
import type { DeviceId, IdentityId } from '../ids.ts'
import type { Entry } from '../log/index.ts'

const CLOSED_HERE = 'This device was closed from another one of yours: it can no longer write'
const BEGIN_ANEW = 'This device was closed: it has to begin anew before it can be added again'

/** An account over what the log and the key store hold */
export class StoredAccount extends EventTarget implements Account {
  readonly #init: AccountInit
  readonly #reading: ReadingKeys
  readonly #belongsTo: Document<IdentityId | null>
  readonly #succession: Succession
  #me: Me | undefined
  #closed = false
  #signing: Promise<unknown> = Promise.resolve()

  constructor (init: AccountInit) {
    super()
    this.#init = init
    this.#reading = readingKeys(init)
    this.#succession = succession({ ...init, reading: this.#reading })
    this.#belongsTo = createDocument<IdentityId | null>({
      store: init.store,
      name: 'identity',
      initial: null,
      read: value => identityId(readBytes(readMap(value, 'The stored identity', ['identity']).identity, 'identity', 32)),
      write: identity => ({ identity: identity == null ? null : idBytes(identity) })
    })
  }

  me (): Me | undefined {
    return this.#me
  }

  requireMe (): Me {
    if (this.#me == null) {
      throw new NotJoinedError('Nobody has joined on this device yet')
    }

    return this.#me
  }

  isClosed (): boolean {
    return this.#closed
  }

  async load (): Promise<void> {
    const identity = this.#me == null ? await this.#belongsTo.get() : null

    if (identity != null) {
      await this.#become(identity)
      // a device that cannot sign now tries again with the next record it hears of
      await this.reassert().catch(() => {})
    }
  }

  async join (): Promise<Me> {
    return this.#begin(createEntropy(this.#init.random))
  }

  async restore (entropy: Uint8Array, { closeOthers = false }: { closeOthers?: boolean } = {}): Promise<Me> {
    return this.#begin(entropy, closeOthers)
  }

  async agree (identity: IdentityId, from: number): Promise<DeviceEntry> {
    const { keys, random, role } = this.#init
    let secret = await keys.get('device-x25519')

    if (secret == null) {
      secret = random.bytes(32)
      await keys.put('device-x25519', secret)
    }

    return proveDevice(await keys.deviceSigner(), { identity, from, role, x25519: x25519.getPublicKey(secret) })
  }

  async adopt (record: SignedRecord, secrets: OwnSecrets): Promise<Me> {
    const { keys, log } = this.#init
    const { identity } = record.record

    if (this.#me != null && this.#me.identity !== identity) {
      throw new AlreadyJoinedError('This device belongs to somebody else already')
    }

    if (deviceStatus(record.record, deviceId((await keys.deviceSigner()).publicKey)).status !== 'open') {
      throw new NotJoinedError('The record does not list this device')
    }

    await keys.put('own', secrets.own)
    await this.#reading.learn(secrets.reading)
    await log.putRecord(record)
    await this.#belongsTo.update(() => identity)

    return this.#become(identity)
  }

  async addDevice (entry: DeviceEntry): Promise<SignedRecord> {
    return this.#inTurn(async () => {
      const current = await this.record()
      const { status } = deviceStatus(current.record, entry.device)

      if (status === 'closed') {
        throw new DeviceClosedError(BEGIN_ANEW)
      }

      return status === 'open' ? current : this.#succession.sign(await this.#root(), async () => ({ devices: [entry], closed: [] }))
    })
  }

  async closeDevices (devices: DeviceId[], entropy?: Uint8Array): Promise<SignedRecord> {
    return this.#inTurn(async () => {
      const current = await this.record()
      const { identity, device: own } = this.requireMe()
      const open = devices.filter(device => deviceStatus(current.record, device).status === 'open')

      if (devices.includes(own)) {
        throw new NoSuchDeviceError('This is the device in your hand: close it from another one of yours')
      }

      if (devices.some(device => deviceStatus(current.record, device).status === 'unknown')) {
        throw new NoSuchDeviceError('That is not one of your devices')
      }

      return open.length === 0
        ? current
        : this.#succession.sign(await this.#root(entropy), async () => ({ devices: [], closed: await this.#succession.cuts(identity, open) }))
    })
  }

  async reassert (): Promise<void> {
    return this.#inTurn(async () => this.#reassert())
  }

  async uphold (record: SignedRecord): Promise<void> {
    await this.#inTurn(async () => {
      const now = await this.record()
      const { devices, closed } = lostChanges(record.record, now.record)
      const unknown = closed.filter(({ device }) => deviceStatus(now.record, device).status !== 'closed')

      if (devices.length + unknown.length > 0 && await this.#init.keys.get('entropy') != null) {
        await this.#succession.sign(await this.#root(), async () => ({ devices, closed: unknown }))
      }
    })
  }

  async entropy (): Promise<Uint8Array> {
    const entropy = await this.#init.keys.get('entropy')

    if (entropy == null) {
      throw new NoRootError('The keys of this identity are not on this device: save the backup on the device you joined with')
    }

    return entropy
  }

  async secrets (): Promise<OwnSecrets> {
    const { record } = await this.record()
    const entropy = await this.#init.keys.get('entropy')
    const own = entropy == null ? await this.#init.keys.get('own') : (await rootFromEntropy(entropy)).ownSpaceSeed
    const all = await this.#reading.all()
    const isCurrent = (secret: Uint8Array): boolean => sameBytes(x25519.getPublicKey(secret), record.reading)

    if (own == null) {
      throw new NotJoinedError('This device was not told what your devices share: add it again')
    }

    return { own, reading: [...all.filter(isCurrent), ...all.filter(secret => !isCurrent(secret))] }
  }

  async learnReading (secrets: Uint8Array[]): Promise<void> {
    await this.#reading.learn(secrets)
  }

  async record (): Promise<SignedRecord> {
    const record = await this.#init.log.record(this.requireMe().identity)

    if (record == null) {
      throw new NotJoinedError('The record of this identity is missing')
    }

    return record
  }

  async append (payload: Uint8Array, time: number = this.#init.clock.now()): Promise<Entry> {
    const { identity, device, signer, space } = this.requireMe()

    await this.#init.knowsOwn()

    const { record } = await this.record()

    if (deviceStatus(record, device).status === 'closed') {
      throw new DeviceClosedError(CLOSED_HERE)
    }

    return this.#init.log.append(signer, { space, identity, rec: record.seq, payload, time })
  }

  /** Records are signed one after the other */
  async #inTurn<T> (work: () => Promise<T>): Promise<T> {
    const run = this.#signing.then(work)

    this.#signing = run.catch(() => {})

    return run
  }

  async #become (identity: IdentityId): Promise<Me> {
    const signer = await this.#init.keys.deviceSigner()

    this.#me = { identity, device: deviceId(signer.publicKey), signer, space: publicWall(identity) }

    return this.#me
  }

  async #root (given?: Uint8Array): Promise<Root> {
    const entropy = given ?? await this.#init.keys.get('entropy')

    if (entropy == null) {
      throw new NoRootError('The keys that add and close devices are not here: use the device you joined with')
    }

    if (this.#closed) {
      throw new DeviceClosedError(CLOSED_HERE)
    }

    const root = await rootFromEntropy(entropy)

    if (root.identity !== this.requireMe().identity) {
      throw new NoRootError('These words belong to somebody else: type those that you wrote down when you joined')
    }

    return root
  }

  async #begin (entropy: Uint8Array, closeOthers = false): Promise<Me> {
    if (this.#me != null) {
      throw new AlreadyJoinedError('Somebody has joined on this device already')
    }

    const from = await rootFromEntropy(entropy)

    await this.#init.keys.put('entropy', entropy)
    await this.#inTurn(async () => this.#succession.sign(from, async (seq, previous) => {
      const entry = await this.agree(from.identity, seq)
      const others = previous?.record.devices.map(({ device }) => device).filter(device => device !== entry.device) ?? []

      if (previous != null && deviceStatus(previous.record, entry.device).status === 'closed') {
        throw new DeviceClosedError(BEGIN_ANEW)
      }

      return { devices: [entry], closed: closeOthers ? await this.#succession.cuts(from.identity, others) : [] }
    }))
    await this.#belongsTo.update(() => from.identity)

    return this.#become(from.identity)
  }

  /**
   * Two devices with the root may have signed different records of the same number, and one of the two has lost. A device that the other record
   * closes says again what it had closed, and nothing else: so it does not depend on the hashes which of two that close each other is closed
   */
  async #reassert (): Promise<void> {
    if (this.#me == null) {
      return
    }

    const { identity, device } = this.#me
    const now = await this.record()
    const { status } = deviceStatus(now.record, device)
    const entropy = await this.#init.keys.get('entropy')

    this.#setClosed(status === 'closed')

    const lost = entropy == null ? { devices: [], closed: [] } : await this.#succession.lost(now)
    const own = status === 'unknown' && entropy != null ? [await this.agree(identity, now.record.seq + 1)] : []
    const others = status === 'closed' ? [] : lost.devices.filter(entry => entry.device !== device)
    const devices = [...own, ...others].slice(0, MAX_DEVICES - now.record.devices.length)

    if (entropy != null && devices.length + lost.closed.length > 0) {
      await this.#succession.sign(await rootFromEntropy(entropy), async () => ({ devices, closed: lost.closed }))
    } else {
      await this.#succession.stands(now)
    }
  }

  #setClosed (closed: boolean): void {
    const changed = closed !== this.#closed

    this.#closed = closed

    if (closed && changed) {
      this.dispatchEvent(new CustomEvent('device:closed'))
    }
  }
}
