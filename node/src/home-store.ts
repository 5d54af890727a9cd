/** The sealed store of the home node, opened by its key file: what the folder shows without that file is how much there is. */
import { writeFileSync } from 'node:fs'
import { access, rename, rm } from 'node:fs/promises'
import {
  createKeySlots, hasKeySlots, importSafeKey, moveRecords, NoSuchSlotError, openKeySlots, openSealedStore, salvageSealedStore, StoreDamagedError
} from '@pergola/protocols/storage'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { WrongKeyFileError } from './errors.ts'
import { readKeyFile } from './key-store.ts'
import type { DataFolder } from './data-folder.ts'
import type { Store } from '@pergola/protocols'
import type { KeySlotsInit, SealedStore, StoreKeys } from '@pergola/protocols/storage'
import type { LevelStore } from '@pergola/protocols/storage/level'

export interface HomeStore {
  store: Store
  /** It was damaged, so that something of it may be missing or old: others have to be asked */
  repaired: boolean
  close (): Promise<void>
}

async function exists (path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}

async function isEmpty (store: Store): Promise<boolean> {
  let count = 0

  for await (const [key] of store.range({ limit: 1 })) {
    count += key.length
  }

  return count === 0
}

/** An earlier version sealed nothing: what it kept goes aside under another name, from where it is moved */
async function openBelow ({ store, plain }: DataFolder): Promise<LevelStore> {
  const level = await openLevelStore(store)

  if (await hasKeySlots(level) || await isEmpty(level) || await exists(plain)) {
    return level
  }

  await level.close()
  await rename(store, plain)

  return openLevelStore(store)
}

async function openKeys (level: LevelStore, file: string): Promise<StoreKeys> {
  const secret = { kind: 'device' as const, key: await importSafeKey(await readKeyFile(file)) }
  const init: KeySlotsInit = { store: level, forget: async names => level.forget(names) }

  if (!await hasKeySlots(level)) {
    return createKeySlots({ ...init, secret })
  }

  try {
    return (await openKeySlots({ ...init, secret })).keys
  } catch (err) {
    throw err instanceof NoSuchSlotError
      ? new WrongKeyFileError(`${file} is not the key of this data: put the one back that belongs to it`, { cause: err })
      : err
  }
}

/** Whoever meets the damage gets an error; the next start is to find it mended */
function remember (damage: string): void {
  try {
    writeFileSync(damage, '')
  } catch {
    // no space, say: then it is met again
  }
}

async function openSealed (level: LevelStore, keys: StoreKeys, damage: string): Promise<{ sealed: SealedStore, repaired: boolean }> {
  const init = { store: level, keys, onDamage: () => { remember(damage) } }

  if (!level.repaired && !await exists(damage)) {
    try {
      return { sealed: await openSealedStore(init), repaired: false }
    } catch (err) {
      if (!(err instanceof StoreDamagedError)) {
        throw err
      }
    }
  }

  await salvageSealedStore(init)
  await rm(damage, { force: true })

  return { sealed: await openSealedStore(init), repaired: true }
}

async function movePlain (path: string, to: Store): Promise<boolean> {
  if (!await exists(path)) {
    return false
  }

  const from = await openLevelStore(path)

  try {
    await moveRecords({ from, to })
  } finally {
    await from.close()
  }

  await rm(path, { recursive: true })

  return from.repaired
}

/**
 * Opens the store, which is made when it is missing; what an earlier version left is moved into it.
 *
 * @throws {WrongKeyFileError} if the key file is another one
 * @throws {StoreDamagedError} if it is damaged beyond repair
 * @throws {StoreLockedError} if another program has it open
 */
export async function openHomeStore (folder: DataFolder): Promise<HomeStore> {
  const level = await openBelow(folder)

  try {
    const { sealed, repaired } = await openSealed(level, await openKeys(level, folder.keys), folder.damage)
    const wasRepaired = await movePlain(folder.plain, sealed)

    return {
      store: sealed,
      repaired: repaired || wasRepaired,
      async close () {
        await sealed.close()
        await level.close()
      }
    }
  } catch (err) {
    await level.close()
    throw err
  }
}
