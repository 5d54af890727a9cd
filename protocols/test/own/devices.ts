/** Devices of one identity, each with its own log, that meet when the test says so. */
import { x25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '../../src/hash.ts'
import { proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../../src/identity/index.ts'
import { deviceId, wallOwner } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { createOwn, ownSpaceId } from '../../src/own/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import type { Root, SignedRecord, Signer } from '../../src/identity/index.ts'
import type { DeviceId, IdentityId, SpaceId } from '../../src/ids.ts'
import type { Clock, Store } from '../../src/interface.ts'
import type { Entry, Log } from '../../src/log/index.ts'
import type { Own } from '../../src/own/index.ts'

const encoder = new TextEncoder()

export const SEED = new Uint8Array(32).fill(42)
export const OWN_SPACE = ownSpaceId(SEED)

/** What a device is, whether it runs or not */
export interface Keys {
  name: string
  signer: Signer
  device: DeviceId
  secret: Uint8Array
}

export interface Device extends Keys {
  identity: IdentityId
  log: Log
  own: Own
}

/** A clock that is set by hand */
export interface TestClock extends Clock {
  time: number
}

export function testClock (time: number = 1_000): TestClock {
  return { time, now () { return this.time } }
}

export async function keysOf (name: string): Promise<Keys> {
  const signer = await signerFromSeed(sha256(encoder.encode(`signer ${name}`)))

  return { name, signer, device: deviceId(signer.publicKey), secret: sha256(encoder.encode(`x25519 ${name}`)) }
}

/** The root of the identity, and the records that it signs one after the other */
export class Family {
  readonly root: Root
  readonly identity: IdentityId
  record?: SignedRecord

  constructor (root: Root) {
    this.root = root
    this.identity = root.identity
  }

  /** Signs a record that lists these devices and closes those that were listed before */
  async list (...devices: Keys[]): Promise<SignedRecord> {
    const { identity } = this
    const before = this.record?.record
    const open = new Set(devices.map(({ device }) => device))
    const gone = before?.devices.filter(({ device }) => !open.has(device)).map(({ device }) => ({ device, cut: null })) ?? []
    const entries = await Promise.all(devices.map(async ({ signer, secret }) => proveDevice(signer, { identity, x25519: x25519.getPublicKey(secret), role: 'client', from: 0 })))

    this.record = await signRecord(this.root, {
      devices: entries, closed: [...before?.closed ?? [], ...gone], reading: new Uint8Array(32).fill(1), publish: new Uint8Array(32).fill(2), time: 1
    }, this.record)

    return this.record
  }
}

export async function family (): Promise<Family> {
  return new Family(await rootFromEntropy(new Uint8Array(16).fill(3)))
}

export interface DeviceInit {
  store?: Store
  clock?: Clock
  /** Further private keys: that of recovery */
  secrets?: Uint8Array[]
  record?: SignedRecord | undefined
}

export function logOf (store: Store, identity: IdentityId): Log {
  return createLog({ store, clock: testClock(), mayWrite: (space, writer) => writer === (space === OWN_SPACE ? identity : wallOwner(space)) })
}

/** A device that knows the newest record and has begun */
export async function device (of: Family, keys: Keys, init: DeviceInit = {}): Promise<Device> {
  const { clock = testClock(), record = of.record, secrets = [], store = memoryStore() } = init
  const log = logOf(store, of.identity)

  if (record != null) {
    await log.putRecord(record)
  }

  const own = createOwn({ log, clock, random: systemRandom, identity: of.identity, signer: keys.signer, secrets: [keys.secret, ...secrets], seed: SEED })

  await own.start()

  return { ...keys, identity: of.identity, log, own }
}

/** All entries of a space that a log offers to others, newest first, chain by chain */
export async function entriesOf (log: Log, space: SpaceId = OWN_SPACE): Promise<Entry[]> {
  const found: Entry[] = []

  for (const { ranges, head, ...chain } of await log.views(space)) {
    for (const { from, to } of [...ranges].reverse()) {
      for await (const entry of log.read(chain, { from, to, reverse: true })) {
        found.push(entry)
      }
    }
  }

  return found
}

/** Brings what one has to the other, and waits until it was read there */
export async function bring (from: Device, to: Device, options: { record?: boolean } = {}): Promise<void> {
  const record = await from.log.record(from.identity)

  if (record != null && options.record !== false) {
    await to.log.putRecord(record)
  }

  await to.log.ingest(OWN_SPACE, await entriesOf(from.log))
  await to.own.start()
}

/** Both have the same afterwards */
export async function meet (a: Device, b: Device): Promise<void> {
  await bring(a, b)
  await bring(b, a)
}
