/** From a plain store into a sealed one. Rules: specs/storage.md [ST71] */
import { MOVE_BATCH_BYTES, SWEEP_BATCH_RECORDS } from './constants.ts'
import type { AbortOptions, RangeOptions, Store, StoreOp } from '../../interface.ts'

const STRICT = { durability: 'strict' } as const

export interface MoveInit {
  from: Store
  to: Store
  /**
   * Which keys
   *
   * @default all
   */
  range?: Pick<RangeOptions, 'gte' | 'lt'>
  /** Called now and then with the number of records that were moved by this call */
  onProgress? (records: number): void
}

/**
 * Moves every record, under its key. Call it before anything else reads or writes either store; after an interruption, call it again.
 * The disk below `from` may hold remains of what was deleted until it is compacted or removed.
 *
 * @returns how many records it was
 */
export async function moveRecords ({ from, to, range = {}, onProgress }: MoveInit, { signal }: AbortOptions = {}): Promise<number> {
  let moved = 0
  let puts: Array<StoreOp & { type: 'put' }> = []
  let bytes = 0

  const flush = async (): Promise<void> => {
    // there before it is gone here: between the two a record is in both, with the same value
    await to.batch(puts, STRICT)
    await from.batch(puts.map(({ key }) => ({ type: 'delete', key })), STRICT)
    moved += puts.length
    puts = []
    bytes = 0
    onProgress?.(moved)
  }

  for await (const [key, value] of from.range({ ...range, ...(signal == null ? {} : { signal }) })) {
    puts.push({ type: 'put', key, value })
    bytes += value.length

    if (puts.length >= SWEEP_BATCH_RECORDS || bytes >= MOVE_BATCH_BYTES) {
      await flush()
    }
  }

  if (puts.length > 0) {
    await flush()
  }

  return moved
}
