import { createSafeKey, prefixStore, safe } from '@pergola/protocols'
import { openIdbStore } from '@pergola/protocols/storage/idb'
import { openDB } from 'idb'
import { openBrowserVault } from '../../src/engine/browser-vault.ts'
import { KEYS, part, PEER } from '../../src/engine/parts.ts'
import type { Store } from '@pergola/protocols'

const text = (bytes: Uint8Array | undefined): string | undefined => bytes == null ? undefined : new TextDecoder().decode(bytes)
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The store of this browser, for tests to look into */
const vaultTest = {
  /** What the first version kept */
  async writePlain (records: number, canary: string): Promise<void> {
    const database = await openDB('notes-keys', 1, { upgrade: upgrading => { upgrading.createObjectStore('keys') } })
    const key = await createSafeKey()

    await database.put('keys', key, 'sealing')
    database.close()

    const store = await openIdbStore('notes')

    await safe({ store: prefixStore(store, KEYS), key }).put('entropy', bytes(`secret ${canary}`))
    await store.batch(Array.from({ length: records }, (_, n) => ({ type: 'put', key: bytes(`p/${n}`), value: bytes(`${n} ${canary}`) })), { durability: 'strict' })
    await store.close()
  },

  async read (): Promise<{ records: number, first?: string, secret?: string, databases: string[] }> {
    const browser = await openBrowserVault()
    const store = await browser.store()
    let records = 0

    for await (const [key] of part(store, PEER).range()) {
      records += Math.sign(key.length)
    }

    const first = text(await part(store, PEER).get(bytes('0')))
    const secret = text(await part(store, KEYS).get(bytes('entropy')))

    await browser.close()

    return { records, first, secret, databases: (await indexedDB.databases()).map(({ name }) => name ?? '').sort() }
  },

  async write (records: Array<[string, string]>): Promise<void> {
    const browser = await openBrowserVault()
    const store: Store = await browser.store()

    await store.batch(records.map(([key, value]) => ({ type: 'put', key: bytes(key), value: bytes(value) })), { durability: 'strict' })
    await browser.close()
  }
}

declare global {
  interface Window {
    vaultTest: typeof vaultTest
  }
}

window.vaultTest = vaultTest
