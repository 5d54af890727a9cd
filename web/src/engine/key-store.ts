/**
 * The secrets of this browser, in an IndexedDB database of their own. The device key and the key that seals the rest are WebCrypto keys that
 * cannot be extracted: they can be used here and carried nowhere.
 */
import { createSafeKey, safe, signerFromKeyPair } from '@pergola/protocols'
import { openDB } from 'idb'
import type { Safe, Signer, Store } from '@pergola/protocols'
import type { KeyStore } from '@pergola/protocols/peer'
import type { IDBPDatabase } from 'idb'

const OBJECTS = 'keys'

async function keptKey<T> (database: IDBPDatabase, name: string, make: () => Promise<T>): Promise<T> {
  const known: T | undefined = await database.get(OBJECTS, name)

  if (known != null) {
    return known
  }

  const made = await make()
  const transaction = database.transaction(OBJECTS, 'readwrite', { durability: 'strict' })

  await Promise.all([transaction.store.put(made, name), transaction.done])

  return made
}

export interface KeyStoreInit {
  /** Name of the database for the keys themselves */
  database: string
  /** Where what they seal is kept */
  store: Store
}

export async function openKeyStore (init: KeyStoreInit): Promise<KeyStore & { close (): void }> {
  const database = await openDB(init.database, 1, { upgrade: upgrading => { upgrading.createObjectStore(OBJECTS) } })
  const secrets: Safe = safe({ store: init.store, key: await keptKey(database, 'sealing', createSafeKey) })
  let signer: Promise<Signer> | undefined

  async function openSigner (): Promise<Signer> {
    return signerFromKeyPair(await keptKey<CryptoKeyPair>(database, 'device', async () =>
      crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as Promise<CryptoKeyPair>))
  }

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => secrets.put(name, secret),
    async deviceSigner () {
      signer ??= openSigner()

      return signer
    },
    close () { database.close() }
  }
}
