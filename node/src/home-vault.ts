/** Everything that a home node keeps, sealed, in one folder. */
import { rm } from 'node:fs/promises'
import { bringUpToDate, openVault } from '@pergola/protocols/storage'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { deviceKeyFile } from './device-key.ts'
import { HomeLockedError, WrongKeyFileError } from './errors.ts'
import { oldFolders } from './old-folders.ts'
import type { DataFolder } from './data-folder.ts'
import type { Store } from '@pergola/protocols'
import type { Vault } from '@pergola/protocols/storage'

export interface HomeVault {
  readonly vault: Vault
  /** The open store, of the newest version and complete. @throws {HomeLockedError | WrongKeyFileError} */
  store (): Promise<Store>
  close (): Promise<void>
  /** Keys first, in a moment; then every file. It is of no more use */
  erase (): Promise<void>
}

/**
 * Opens the data folder; the vault is locked if it has a passphrase.
 *
 * @throws {StoreLockedError} if another process has it open
 */
export async function openHomeVault (folder: DataFolder): Promise<HomeVault> {
  const device = deviceKeyFile(folder.keys)
  const level = await openLevelStore(folder.records)

  try {
    const vault = await openVault({
      store: level,
      repaired: level.repaired,
      device,
      forget: async names => level.forget(names)
    })
    const old = oldFolders(folder, async () => vault.noteRepair())

    return {
      vault,
      async store () {
        if (vault.store == null && await device.get() != null) {
          throw new WrongKeyFileError(`${folder.keys} is not the key of this data: put the one back that belongs to it, or use the passphrase`)
        }

        if (vault.store == null) {
          throw new HomeLockedError('The home node is locked: unlock it with "pergola unlock"')
        }

        await bringUpToDate(vault.store, old)

        return vault.store
      },
      async close () {
        await vault.close()
        await level.close()
      },
      async erase () {
        await vault.eraseKeys()
        await level.close()
        await Promise.all([rm(folder.records, { recursive: true, force: true }), old.remove()])
      }
    }
  } catch (err) {
    await level.close()
    throw err
  }
}
