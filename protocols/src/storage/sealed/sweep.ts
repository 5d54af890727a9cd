import { toHex } from '../../ids.ts'
import { NAME_BYTES, SWEEP_BATCH_RECORDS } from './constants.ts'
import { isApart } from './items.ts'
import { isLeaf } from './node.ts'
import type { Change } from './items.ts'
import type { View } from './recent.ts'
import type { Session } from './session.ts'
import type { AbortOptions, Store, StoreOp } from '../../interface.ts'

export interface SweepInit {
  store: Store
  session: Session
  /** Resolves when no write is under way */
  settled (): Promise<void>
}

/** Names of all records that lead from the top to values, without the root */
async function reachedFrom (session: Session, { top, recent }: View, signal?: AbortSignal): Promise<Set<string>> {
  const reached = new Set<string>()

  const addValue = ({ value }: Change): void => {
    if (isApart(value)) {
      reached.add(toHex(value.name))
    }
  }

  const visit = async (name: Uint8Array): Promise<void> => {
    signal?.throwIfAborted()
    reached.add(toHex(name))
    const node = await session.cache.pass(name)

    if (isLeaf(node)) {
      node.items.forEach(addValue)
      return
    }

    for (const child of node.children) {
      await visit(child.name)
    }
  }

  recent.forEach(addValue)
  await visit(top)

  return reached
}

/** Deletes records that are reached neither from the root nor by a range under way. Rules: specs/storage.md [ST70] */
export async function sweepUnreached ({ store, session, settled }: SweepInit, { signal }: AbortOptions): Promise<number> {
  const below = store.range(signal == null ? {} : { signal })[Symbol.asyncIterator]()
  let count = 0

  try {
    // a snapshot of what is below comes first, then what leads there: what is written later is in neither
    let step = await below.next()
    await settled()
    const unpin = session.pins.pin(session.commit)

    try {
      const kept = await reachedFrom(session, session.view, signal)
      session.dead.forEach(({ name }) => { kept.add(toHex(name)) })
      kept.add(toHex(session.rootName))
      let ops: StoreOp[] = []

      for (; step.done !== true; step = await below.next()) {
        const [key] = step.value

        if (key.length === NAME_BYTES && !kept.has(toHex(key))) {
          ops.push({ type: 'delete', key })
        }

        if (ops.length === SWEEP_BATCH_RECORDS) {
          await store.batch(ops)
          count += ops.length
          ops = []
        }
      }

      await store.batch(ops, { durability: 'strict' })

      return count + ops.length
    } finally {
      unpin()
    }
  } finally {
    await below.return?.()
  }
}
