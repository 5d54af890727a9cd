/** From stores that were not sealed into one that is. Rules: specs/storage.md [ST110] to [ST112] */
import { migrate } from './schema.ts'
import type { Store } from '../interface.ts'

/** Where records lay before everything was sealed */
export interface OldLayout {
  exists (): Promise<boolean>
  /** Moves everything; called again after an interruption */
  moveTo (store: Store): Promise<void>
  /** Deletes what is left of it; called again after an interruption */
  remove (): Promise<void>
}

const STRICT = { durability: 'strict' } as const
/** The old layout is still there */
const LEFT = new TextEncoder().encode('old-layout')

async function isEmpty (store: Store): Promise<boolean> {
  let count = 0

  for await (const [key] of store.range({ limit: 1 })) {
    count += key.length
  }

  return count === 0
}

/**
 * Brings a sealed store to the newest version. Call it once after opening, before anything reads.
 *
 * @throws {SchemaNewerError} if a later version of the program wrote it
 */
export async function bringUpToDate (store: Store, old: OldLayout): Promise<void> {
  if (await isEmpty(store) && await old.exists()) {
    await store.put(LEFT, new Uint8Array(), STRICT)
  }

  await migrate(store, [
    // too much for one batch: what was moved twice is the same as what was moved once
    async () => {
      await old.moveTo(store)

      return []
    }
  ])

  if (await store.get(LEFT) != null) {
    await old.remove()
    await store.delete(LEFT, STRICT)
  }
}
