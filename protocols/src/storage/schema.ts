/** The version of what is in a store, and the way from one to the next. Rules: specs/storage.md [ST50] to [ST52]. */
import { decodeCanonical, encode, readUint } from '../codec/index.ts'
import { SchemaNewerError } from './errors.ts'
import type { Store, StoreOp } from '../interface.ts'

const SCHEMA_KEY = new TextEncoder().encode('schema')

/** The changes that make a store of version n - 1 one of version n; it is not to write to the store itself */
export type Migration = (store: Store) => Promise<StoreOp[]>

async function readVersion (store: Store): Promise<number | undefined> {
  const bytes = await store.get(SCHEMA_KEY)

  return bytes == null ? undefined : readUint(decodeCanonical(bytes, { maxBytes: 16 }), 'The schema version')
}

async function isEmpty (store: Store): Promise<boolean> {
  let count = 0

  for await (const [key] of store.range({ limit: 1 })) {
    count += key.length
  }

  return count === 0
}

/**
 * Brings a store to the newest version, and returns that. Call it once after opening, before anything reads. The first migration
 * leads from version 0 to 1; only ever add to the end.
 *
 * @throws {SchemaNewerError} if a later version of the program wrote it
 */
export async function migrate (store: Store, migrations: readonly Migration[]): Promise<number> {
  const newest = migrations.length
  let version = await readVersion(store)

  if (version == null) {
    version = await isEmpty(store) ? newest : 0
    await store.put(SCHEMA_KEY, encode(version), { durability: 'strict' })
  }

  if (version > newest) {
    throw new SchemaNewerError('This data was written by a newer version: update this one first')
  }

  for (; version < newest; version++) {
    const ops = await migrations[version](store)

    await store.batch([...ops, { type: 'put', key: SCHEMA_KEY, value: encode(version + 1) }], { durability: 'strict' })
  }

  return version
}
