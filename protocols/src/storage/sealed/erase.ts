/** Making a sealed store unreadable, and gone. Rules: specs/storage.md [ST87] */
import { systemRandom } from '../../interface.ts'
import { SWEEP_BATCH_RECORDS } from './constants.ts'
import { deleteHeaderOps, HEADER_NAMES, overwriteHeaderOps } from './key-header.ts'
import { ATTEMPTS_NAME } from './key-slots.ts'
import type { KeySlotsInit } from './key-slots.ts'
import type { AbortOptions, Store, StoreOp } from '../../interface.ts'

const STRICT = { durability: 'strict' } as const

/**
 * Takes a moment, however much there is: once it has resolved, nothing opens what was sealed. Who holds keys drops them first, by `lock`.
 * Nothing happens where there are no slots.
 */
export async function eraseKeySlots ({ store, forget, random = systemRandom }: Omit<KeySlotsInit, 'clock'>): Promise<void> {
  await store.batch(overwriteHeaderOps(length => random.bytes(length)), STRICT)
  await store.batch([...deleteHeaderOps(), { type: 'delete', key: ATTEMPTS_NAME }], STRICT)
  await forget?.(HEADER_NAMES)
}

/** Deletes every record; what can remove the whole folder or database at once does not need it */
export async function eraseRecords (store: Store, { signal }: AbortOptions = {}): Promise<void> {
  let ops: StoreOp[] = []

  for await (const [key] of store.range(signal == null ? {} : { signal })) {
    ops.push({ type: 'delete', key })

    if (ops.length === SWEEP_BATCH_RECORDS) {
      await store.batch(ops)
      ops = []
    }
  }

  await store.batch(ops, STRICT)
}
