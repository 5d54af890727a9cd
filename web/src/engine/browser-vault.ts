/** Everything that this browser keeps, sealed, in one IndexedDB database; what opens it by itself is in another. */
import { openIdbStore } from '@pergola/protocols/storage/idb'
import { bringUpToDate, openVault } from '@pergola/protocols/storage/vault'
import { deleteDB } from 'idb'
import { openBrowserKeys } from './browser-keys.ts'
import type { BrowserKeys } from './browser-keys.ts'
import type { Store } from '@pergola/protocols'
import type { OldLayout, Vault } from '@pergola/protocols/storage/vault'

/** Names in the browser's profile say nothing about what they are for */
const DATABASE = 'notes-1'
const KEYS_DATABASE = 'notes-keys'
/** Where the first version kept the same, not sealed */
const PLAIN_DATABASE = 'notes'

export interface BrowserVault {
  readonly vault: Vault
  readonly keys: BrowserKeys
  /** The open store, of the newest version and complete. @throws {TypeError} while it is locked */
  store (): Promise<Store>
  close (): Promise<void>
}

/** A browser that does not list its databases has none of the first version: that one did not run there */
async function hasPlain (): Promise<boolean> {
  const databases = await indexedDB.databases?.() ?? []

  return databases.some(({ name }) => name === PLAIN_DATABASE)
}

function plainDatabase (keys: BrowserKeys): OldLayout {
  return {
    exists: hasPlain,
    async moveTo (to) {
      if (await hasPlain()) {
        const { movePlain } = await import('./plain-database.ts')

        await movePlain(PLAIN_DATABASE, to, keys)
      }
    },
    async remove () {
      await deleteDB(PLAIN_DATABASE)
      await keys.forgetSealing()
    }
  }
}

export async function openBrowserVault (): Promise<BrowserVault> {
  const below = await openIdbStore(DATABASE)
  const keys = await openBrowserKeys(KEYS_DATABASE)
  const vault = await openVault({ store: below, device: keys })
  const old = plainDatabase(keys)

  return {
    vault,
    keys,
    async store () {
      if (vault.store == null) {
        throw new TypeError('The vault is locked')
      }

      await bringUpToDate(vault.store, old)

      return vault.store
    },
    async close () {
      await vault.close()
      await below.close()
      keys.close()
    }
  }
}
