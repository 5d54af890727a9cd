/** Devices of one identity that hold the root, each with its own log and keys, for tests of records */
import { decodeRecord, signerFromSeed } from '../../src/identity/index.ts'
import { deviceId } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { createAccount } from '../../src/peer/account.ts'
import { memoryStore, prefixStore } from '../../src/storage/index.ts'
import type { SignedRecord, Signer } from '../../src/identity/index.ts'
import type { DeviceId } from '../../src/ids.ts'
import type { Store } from '../../src/interface.ts'
import type { Log } from '../../src/log/index.ts'
import type { Account } from '../../src/peer/account.ts'
import type { KeyStore, SecretName } from '../../src/peer/index.ts'

export interface Holder {
  account: Account
  log: Log
  device: DeviceId
  signer: Signer
  keys: KeyStore
  /** Hears of a record, as from a peer */
  hear (record: SignedRecord): Promise<void>
  record (): Promise<SignedRecord>
  /** The same device after its program was started again */
  restarted (): Promise<Holder>
}

export function memoryKeys (signer: Signer): KeyStore {
  const secrets = new Map<SecretName, Uint8Array>()

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => { secrets.set(name, secret) },
    deviceSigner: async () => signer
  }
}

async function open (store: Store, keys: KeyStore, now: () => number): Promise<Holder> {
  const log = createLog({ store: prefixStore(store, Uint8Array.of(1)), clock: { now } })
  const signer = await keys.deviceSigner()
  const account = createAccount({
    store: prefixStore(store, Uint8Array.of(2)), keys, log, clock: { now }, random: systemRandom, role: 'client', knowsOwn: async () => {}
  })

  await account.load()

  return {
    account,
    log,
    signer,
    keys,
    device: deviceId(signer.publicKey),
    record: async () => account.record(),
    restarted: async () => open(store, keys, now),
    async hear ({ bytes }) {
      if (await log.putRecord(await decodeRecord(bytes))) {
        await account.reassert()
      }
    }
  }
}

/** A device that belongs to nobody yet. @param now - its clock */
export async function holder (now: () => number = Date.now): Promise<Holder> {
  return open(memoryStore(), memoryKeys(await signerFromSeed(systemRandom.bytes(32))), now)
}

/** Devices of one new identity that all hold the root and know one record */
export async function holders (count: number, now: () => number = Date.now): Promise<Holder[]> {
  const first = await holder(now)

  await first.account.join()

  const all = [first]

  while (all.length < count) {
    const next = await holder(now)

    await next.log.putRecord(await first.record())
    await next.account.restore(await first.account.entropy())
    await Promise.all(all.map(async each => each.hear(await next.record())))
    all.push(next)
  }

  return all
}

/** Tells each of the newest record of every other until nobody learns anything, in the order given */
export async function settle (all: Holder[]): Promise<void> {
  let before: string
  let after = ''

  do {
    before = after

    for (const from of all) {
      for (const to of all) {
        await to.hear(await from.record())
      }
    }

    after = (await Promise.all(all.map(async each => (await each.record()).record.seq))).join()
  } while (before !== after)
}
