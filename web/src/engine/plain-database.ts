/** From the database of the first version, which sealed secrets one by one and nothing else. Rules: specs/storage.md [ST111] */
import { prefixStore, safe } from '@pergola/protocols'
import { moveRecords } from '@pergola/protocols/storage'
import { openIdbStore } from '@pergola/protocols/storage/idb'
import { KEYS, part } from './parts.ts'
import type { BrowserKeys } from './browser-keys.ts'
import type { Store } from '@pergola/protocols'

async function moveSecrets (from: Store, to: Store, key: CryptoKey): Promise<void> {
  const sealed = prefixStore(from, KEYS)
  const secrets = safe({ store: sealed, key })
  const names: string[] = []

  for await (const [name] of sealed.range()) {
    names.push(new TextDecoder().decode(name))
  }

  for (const name of names) {
    const secret = await secrets.get(name)

    if (secret != null) {
      await part(to, KEYS).put(new TextEncoder().encode(name), secret, { durability: 'strict' })
      await secrets.delete(name)
    }
  }
}

/** Called again after an interruption, it goes on */
export async function movePlain (database: string, to: Store, keys: BrowserKeys): Promise<void> {
  const from = await openIdbStore(database)

  try {
    const key = await keys.sealing()

    if (key != null) {
      await moveSecrets(from, to, key)
    }

    await moveRecords({ from, to })
  } finally {
    await from.close()
  }
}
