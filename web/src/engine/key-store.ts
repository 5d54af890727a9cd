/**
 * The secrets of this browser, in an IndexedDB database of their own. The device key and the key that seals the rest are WebCrypto keys that
 * cannot be extracted: they can be used here and carried nowhere.
 */
import { signerFromKeyPair } from '@pergola/protocols'
import { openDB } from 'idb'
import type { KeyStore, SecretName, Signer } from '@pergola/protocols'
import type { IDBPDatabase } from 'idb'

const STORE = 'keys'
const NONCE_BYTES = 12
const encoder = new TextEncoder()

interface Sealed {
  nonce: Uint8Array<ArrayBuffer>
  sealed: ArrayBuffer
}

class BrowserKeyStore implements KeyStore {
  readonly #database: IDBPDatabase
  readonly #sealing: CryptoKey
  #signer: Promise<Signer> | undefined

  constructor (database: IDBPDatabase, sealing: CryptoKey) {
    this.#database = database
    this.#sealing = sealing
  }

  async get (name: SecretName): Promise<Uint8Array | undefined> {
    const record: Sealed | undefined = await this.#database.get(STORE, `secret/${name}`)

    return record == null
      ? undefined
      : new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: record.nonce, additionalData: encoder.encode(name) }, this.#sealing, record.sealed))
  }

  async put (name: SecretName, secret: Uint8Array): Promise<void> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: encoder.encode(name) }, this.#sealing, new Uint8Array(secret))

    await strictPut(this.#database, `secret/${name}`, { nonce, sealed } satisfies Sealed)
  }

  async deviceSigner (): Promise<Signer> {
    this.#signer ??= this.#openSigner()

    return this.#signer
  }

  async #openSigner (): Promise<Signer> {
    const pair = await keptKey<CryptoKeyPair>(this.#database, 'device', async () =>
      crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as Promise<CryptoKeyPair>)

    return signerFromKeyPair(pair)
  }

  close (): void {
    this.#database.close()
  }
}

async function strictPut (database: IDBPDatabase, name: string, value: unknown): Promise<void> {
  const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })

  await Promise.all([transaction.store.put(value, name), transaction.done])
}

async function keptKey<T> (database: IDBPDatabase, name: string, make: () => Promise<T>): Promise<T> {
  const known: T | undefined = await database.get(STORE, name)

  if (known != null) {
    return known
  }

  const made = await make()

  await strictPut(database, name, made)

  return made
}

export async function openKeyStore (name: string): Promise<KeyStore & { close (): void }> {
  const database = await openDB(name, 1, { upgrade: upgrading => { upgrading.createObjectStore(STORE) } })
  const sealing = await keptKey(database, 'sealing', async () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']))

  return new BrowserKeyStore(database, sealing)
}
