/** Takes payloads and whole spaces out of the Store. Rules: specs/log.md [LG50] and [LG51]. */
import { encodeEntry, readParts } from './entry.ts'
import { chainPrefix, endOf, prefixKey, seqKey } from './keys.ts'
import type { SpaceId } from '../ids.ts'
import type { Store, StoreOp } from '../interface.ts'
import type { ChainKey } from './entry.ts'

/** Keys deleted in one batch */
const DELETE_BATCH = 1_000
const STRICT = { durability: 'strict' } as const

export async function forgetPayload (store: Store, chain: ChainKey, seq: number): Promise<void> {
  const key = seqKey(chainPrefix('entry', chain), seq)
  const bytes = await store.get(key)

  if (bytes != null) {
    await store.batch([
      { type: 'put', key, value: encodeEntry(readParts(bytes), false) },
      { type: 'put', key: seqKey(chainPrefix('dropped', chain), seq), value: new Uint8Array(0) }
    ], STRICT)
  }
}

export async function forgetSpace (store: Store, space: SpaceId): Promise<void> {
  // what is held goes first: what a crash leaves behind is then overwritten or deleted the next time, never taken for held
  for (const kind of ['chain', 'fork', 'dropped', 'entry'] as const) {
    await deleteAll(store, prefixKey(kind, space))
  }
}

async function deleteAll (store: Store, prefix: Uint8Array): Promise<void> {
  const lt = endOf(prefix)
  let more = true

  while (more) {
    const ops: StoreOp[] = []

    for await (const [key] of store.range({ gte: prefix, lt, limit: DELETE_BATCH })) {
      ops.push({ type: 'delete', key })
    }

    if (ops.length > 0) {
      await store.batch(ops, STRICT)
    }

    more = ops.length === DELETE_BATCH
  }
}
