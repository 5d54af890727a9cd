import { createSealedStore, deriveStoreKeys, openSealedStore } from '../../../src/storage/sealed/index.ts'
import type { RangeOptions, Store } from '../../../src/interface.ts'
import type { SealedStore, StoreKeys } from '../../../src/storage/sealed/index.ts'

/** Of a new master key, or always the same ones */
export async function makeKeys (master: Uint8Array = crypto.getRandomValues(new Uint8Array(32))): Promise<StoreKeys> {
  return deriveStoreKeys(master)
}

/** An empty one over a store */
export async function makeSealed (store: Store, keys: StoreKeys): Promise<SealedStore> {
  await createSealedStore({ store, keys })

  return openSealedStore({ store, keys })
}

export async function all (store: Store, options?: RangeOptions): Promise<Array<[key: Uint8Array, value: Uint8Array]>> {
  const records: Array<[key: Uint8Array, value: Uint8Array]> = []

  for await (const record of store.range(options)) {
    records.push(record)
  }

  return records
}

/** Big-endian, so that keys are in the order of their numbers */
export function numbered (n: number): Uint8Array {
  const key = new Uint8Array(4)
  new DataView(key.buffer).setUint32(0, n)

  return key
}
