/** WebCrypto keys that cannot be extracted, in an IndexedDB database of their own: they can be used here and carried nowhere. */
import { createSafeKey } from '@pergola/protocols'
import { deleteDB, openDB } from 'idb'
import type { DeviceKey } from '@pergola/protocols/storage/vault'
import type { IDBPDatabase } from 'idb'

const OBJECTS = 'keys'
/** Opens the vault */
const SLOT = 'slot'
/** Of the first version: sealed its secrets one by one */
const SEALING = 'sealing'
/** Of the first version: signs */
const DEVICE = 'device'

export interface BrowserKeys extends DeviceKey {
  sealing (): Promise<CryptoKey | undefined>
  pair (): Promise<CryptoKeyPair | undefined>
  /** What it sealed was moved */
  forgetSealing (): Promise<void>
  /** Deletes all of them */
  erase (): Promise<void>
  close (): void
}

export async function openBrowserKeys (name: string): Promise<BrowserKeys> {
  const database: IDBPDatabase = await openDB(name, 1, { upgrade: upgrading => { upgrading.createObjectStore(OBJECTS) } })

  async function write (change: (store: { put (value: unknown, key: string): Promise<unknown>, delete (key: string): Promise<unknown> }) => Promise<unknown>): Promise<void> {
    const transaction = database.transaction(OBJECTS, 'readwrite', { durability: 'strict' })

    await Promise.all([change(transaction.store), transaction.done])
  }

  return {
    get: async () => database.get(OBJECTS, SLOT),
    async make () {
      const key = await createSafeKey()

      await write(async store => store.put(key, SLOT))

      return key
    },
    remove: async () => write(async store => store.delete(SLOT)),
    sealing: async () => database.get(OBJECTS, SEALING),
    pair: async () => database.get(OBJECTS, DEVICE),
    forgetSealing: async () => write(async store => store.delete(SEALING)),
    async erase () {
      database.close()
      await deleteDB(name)
    },
    close () { database.close() }
  }
}
