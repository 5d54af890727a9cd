/** The identity that this device belongs to: made by joining, by a restore, or taken over when a home node is paired. */
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { readBytes, readMap } from '../codec/index.ts'
import { createEntropy, deviceStatus, proveDevice, rootFromEntropy, signRecord } from '../identity/index.ts'
import { deviceId, idBytes, identityId, publicWall } from '../ids.ts'
import { createDocument } from './documents.ts'
import { AlreadyJoinedError, NoRootError, NotJoinedError } from './errors.ts'
import type { KeyStore } from './key-store.ts'
import type { DeviceEntry, DeviceRole, IdentityRecord, Root, SignedRecord, Signer } from '../identity/index.ts'
import type { DeviceId, IdentityId, SpaceId } from '../ids.ts'
import type { Clock, Random, Store } from '../interface.ts'
import type { Entry, Log } from '../log/index.ts'

export interface Me {
  identity: IdentityId
  device: DeviceId
  signer: Signer
  /** The public wall */
  space: SpaceId
}

export interface AccountInit {
  store: Store
  keys: KeyStore
  log: Log
  clock: Clock
  random: Random
  role: DeviceRole
  /** Resolves once every entry is known that this device ever wrote */
  knowsOwn (): Promise<void>
}

export interface Account {
  /** Undefined until this device belongs to an identity */
  me (): Me | undefined
  /** @throws {NotJoinedError} */
  requireMe (): Me
  /** Reads what is stored; idempotent */
  load (): Promise<void>
  /** A new identity with this device as its first */
  join (): Promise<Me>
  /** An existing identity with this device as a new one: adds it to the newest record known */
  restore (entropy: Uint8Array): Promise<Me>
  /** Makes the entry by which this device agrees to be listed from that record on */
  agree (identity: IdentityId, from: number): Promise<DeviceEntry>
  /** Belongs to the identity of a record that lists this device already */
  adopt (record: SignedRecord): Promise<Me>
  /** Lists another device. @throws {NoRootError} where the root is not on this device */
  addDevice (entry: DeviceEntry): Promise<SignedRecord>
  /** Says again what a competing record left out: this device, others, closed ones; nothing happens otherwise */
  reassert (): Promise<void>
  /** Secret of the phrase. @throws {NoRootError} */
  entropy (): Promise<Uint8Array>
  record (): Promise<SignedRecord>
  append (payload: Uint8Array): Promise<Entry>
}

export function createAccount (init: AccountInit): Account {
  const { keys, log, clock, random, role } = init
  let me: Me | undefined
  /** The newest record that was seen to stand: what it says must not get lost to one that competes with it */
  let stood: SignedRecord | undefined
  let reasserting: Promise<void> = Promise.resolve()

  const belongsTo = createDocument<IdentityId | null>({
    store: init.store,
    name: 'identity',
    initial: null,
    read: value => identityId(readBytes(readMap(value, 'The stored identity', ['identity']).identity, 'identity', 32)),
    write: identity => ({ identity: identity == null ? null : idBytes(identity) })
  })

  function requireMe (): Me {
    if (me == null) {
      throw new NotJoinedError('Nobody has joined on this device yet')
    }

    return me
  }

  async function become (identity: IdentityId): Promise<Me> {
    const signer = await keys.deviceSigner()

    me = { identity, device: deviceId(signer.publicKey), signer, space: publicWall(identity) }
    stood = await log.record(identity)

    return me
  }

  async function secretOf (name: 'device-x25519' | 'reading'): Promise<Uint8Array> {
    const known = await keys.get(name)

    if (known != null) {
      return known
    }

    const made = random.bytes(32)

    await keys.put(name, made)

    return made
  }

  async function agree (identity: IdentityId, from: number): Promise<DeviceEntry> {
    return proveDevice(await keys.deviceSigner(), {
      identity, from, role, x25519: x25519.getPublicKey(await secretOf('device-x25519'))
    })
  }

  async function root (): Promise<Root> {
    const entropy = await keys.get('entropy')

    if (entropy == null) {
      throw new NoRootError('The keys that admit another device are not here: use the device you joined with')
    }

    return rootFromEntropy(entropy)
  }

  async function currentRecord (): Promise<SignedRecord> {
    const record = await log.record(requireMe().identity)

    if (record == null) {
      throw new NotJoinedError('The record of this identity is missing')
    }

    return record
  }

  /** Signs the record after the newest one known with some devices more, open or closed */
  async function list (from: Root, more: (seq: number) => Promise<Pick<IdentityRecord, 'devices'> & Partial<Pick<IdentityRecord, 'closed'>>>): Promise<SignedRecord> {
    const previous = await log.record(from.identity)
    const seq = previous == null ? 0 : previous.record.seq + 1
    const { devices, closed = [] } = await more(seq)
    const gone = new Set(closed.map(({ device }) => device))
    const record = await signRecord(from, {
      devices: [...previous?.record.devices ?? [], ...devices].filter(({ device }) => !gone.has(device)),
      closed: [...previous?.record.closed ?? [], ...closed],
      reading: x25519.getPublicKey(await secretOf('reading')),
      publish: ed25519.getPublicKey(from.publishSeed),
      time: clock.now()
    }, previous)

    await log.putRecord(record)

    return record
  }

  /** Two devices with the root may have signed different records of the same number, and one of the two has lost */
  async function reassertOnce (): Promise<void> {
    if (me == null) {
      return
    }

    const { identity, device } = me
    const before = stood?.record
    const now = await currentRecord()

    stood = now

    if (await keys.get('entropy') == null) {
      return
    }

    const closed = before?.closed.filter(({ device }) => deviceStatus(now.record, device).status !== 'closed') ?? []
    const devices = before?.devices.filter(entry => entry.device !== device && deviceStatus(now.record, entry.device).status === 'unknown') ?? []
    const isLost = deviceStatus(now.record, device).status === 'unknown'

    if (closed.length + devices.length > 0 || isLost) {
      stood = await list(await root(), async seq => ({ devices: [...devices, ...isLost ? [await agree(identity, seq)] : []], closed }))
    }
  }

  async function begin (entropy: Uint8Array): Promise<Me> {
    if (me != null) {
      throw new AlreadyJoinedError('Somebody has joined on this device already')
    }

    const from = await rootFromEntropy(entropy)

    await keys.put('entropy', entropy)
    await list(from, async seq => ({ devices: [await agree(from.identity, seq)] }))
    await belongsTo.update(() => from.identity)

    return become(from.identity)
  }

  return {
    me: () => me,
    requireMe,
    agree,
    record: currentRecord,

    async load () {
      const identity = me == null ? await belongsTo.get() : null

      if (identity != null) {
        await become(identity)
      }
    },

    join: async () => begin(createEntropy(random)),
    restore: async entropy => begin(entropy),

    async adopt (record) {
      if (me != null && me.identity !== record.record.identity) {
        throw new AlreadyJoinedError('This device belongs to somebody else already')
      }

      const device = deviceId((await keys.deviceSigner()).publicKey)

      if (deviceStatus(record.record, device).status !== 'open') {
        throw new NotJoinedError('The record does not list this device')
      }

      await log.putRecord(record)
      await belongsTo.update(() => record.record.identity)

      return become(record.record.identity)
    },

    async addDevice (entry) {
      const { record } = await currentRecord()

      if (deviceStatus(record, entry.device).status === 'open') {
        return currentRecord()
      }

      return list(await root(), async () => ({ devices: [entry] }))
    },

    async reassert () {
      reasserting = reasserting.then(reassertOnce, reassertOnce)

      return reasserting
    },

    async entropy () {
      const entropy = await keys.get('entropy')

      if (entropy == null) {
        throw new NoRootError('The keys of this identity are not on this device: save the backup on the device you joined with')
      }

      return entropy
    },

    async append (payload) {
      const { identity, signer, space } = requireMe()

      await init.knowsOwn()

      const { record } = await currentRecord()

      return log.append(signer, { space, identity, rec: record.seq, payload, time: clock.now() })
    }
  }
}
