/** The folders in which earlier versions kept everything. Rules: specs/storage.md [ST110] to [ST112] */
import { readFile, rm, stat } from 'node:fs/promises'
import { importSafeKey, prefixStore, safe } from '@pergola/protocols'
import { hasKeySlots, moveRecords, openKeySlots, openSealedStore, salvageSealedStore, StoreDamagedError } from '@pergola/protocols/storage'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { BLOCKS, KEYS, part } from './parts.ts'
import type { DataFolder } from './data-folder.ts'
import type { Store } from '@pergola/protocols'
import type { OldLayout } from '@pergola/protocols/storage'
import type { LevelStore } from '@pergola/protocols/storage/level'

const STRICT = { durability: 'strict' } as const

async function exists (path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false)
}

/** Secrets were sealed one by one under the key file */
async function moveSecrets (from: Store, to: Store, keyFile: string): Promise<void> {
  const sealed = prefixStore(from, KEYS)
  const names: string[] = []

  for await (const [name] of sealed.range()) {
    names.push(new TextDecoder().decode(name))
  }

  if (names.length === 0) {
    return
  }

  const secrets = safe({ store: sealed, key: await importSafeKey(await readFile(keyFile)) })

  for (const name of names) {
    const secret = await secrets.get(name)

    if (secret != null) {
      await part(to, KEYS).put(new TextEncoder().encode(name), secret, STRICT)
      await secrets.delete(name)
    }
  }
}

/** The version before this one sealed it with the key file */
async function openSealed (level: LevelStore, keyFile: string, noteRepair: () => Promise<void>, isDamaged: boolean): Promise<Store> {
  const { keys } = await openKeySlots({ store: level, secret: { kind: 'device', key: await importSafeKey(await readFile(keyFile)) } })

  if (!level.repaired && !isDamaged) {
    try {
      return await openSealedStore({ store: level, keys })
    } catch (err) {
      if (!(err instanceof StoreDamagedError)) {
        throw err
      }
    }
  }

  await noteRepair()
  await salvageSealedStore({ store: level, keys })

  return openSealedStore({ store: level, keys })
}

/** `noteRepair` is called, and waited for, before anything of a folder that had to be repaired is moved */
export function oldFolders ({ old, keys }: Pick<DataFolder, 'old' | 'keys'>, noteRepair: () => Promise<void>): OldLayout {
  async function withFolder (path: string, work: (store: Store) => Promise<void>): Promise<void> {
    if (!await exists(path)) {
      return
    }

    const level = await openLevelStore(path)

    try {
      if (level.repaired) {
        await noteRepair()
      }

      if (await hasKeySlots(level)) {
        const sealed = await openSealed(level, keys, noteRepair, await exists(old.damage))

        await work(sealed)
        await sealed.close()
      } else {
        await work(level)
      }
    } finally {
      await level.close()
    }
  }

  return {
    exists: async () => await exists(old.store) || await exists(old.rest) || exists(old.blocks),
    async moveTo (to) {
      for (const path of [old.store, old.rest]) {
        await withFolder(path, async from => {
          await moveSecrets(from, to, keys)
          await moveRecords({ from, to })
        })
      }

      await withFolder(old.blocks, async from => { await moveRecords({ from, to: part(to, BLOCKS) }) })
    },
    async remove () {
      for (const path of Object.values(old)) {
        await rm(path, { recursive: true, force: true })
      }
    }
  }
}
