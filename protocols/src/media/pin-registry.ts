/** Which files are pinned, and how many of them each block belongs to: unpinning frees only what nothing else pins. */
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode, readArray, readCid, readUint } from '../codec/index.ts'
import { blockKey } from './block-key.ts'
import type { AbortOptions, Store, StoreOp } from '../interface.ts'
import type { CID } from 'multiformats/cid'

const PIN = 0x70
const COUNT = 0x63
const MAX_PIN_BYTES = 256

export interface PinRegistry {
  size (root: CID): Promise<number | undefined>
  roots (options?: AbortOptions): AsyncIterable<{ cid: CID, size: number }>
  /** Whether the block must stay: pinned, or held at the moment */
  keeps (cid: CID): Promise<boolean>
  /** Whether a pin made the block durable */
  isPinned (cid: CID): Promise<boolean>
  /** Until the returned function is called the blocks of a file that is being worked on must stay */
  hold (): { add (cid: CID): void, release (): void }
  /** Durable once resolved. Idempotent */
  add (root: CID, size: number, blocks: CID[]): Promise<void>
  /** @returns blocks that nothing keeps any more */
  remove (root: CID, blocks: CID[]): Promise<CID[]>
}

function keyOf (prefix: number, cid: CID): Uint8Array {
  return concat([Uint8Array.of(prefix), cid.multihash.bytes])
}

export function pinRegistry (store: Store): PinRegistry {
  const held = new Map<string, number>()
  let last: Promise<unknown> = Promise.resolve()

  /** Counts are read, changed and written: one after the other */
  async function inTurn<T> (task: () => Promise<T>): Promise<T> {
    const turn = last.then(task, task)
    last = turn.catch(() => {})

    return turn
  }

  async function counts (blocks: CID[]): Promise<number[]> {
    const values = await store.getMany(blocks.map(cid => keyOf(COUNT, cid)))

    return values.map(value => value == null ? 0 : readUint(decodeCanonical(value, { maxBytes: 16 }), 'count'))
  }

  async function size (root: CID): Promise<number | undefined> {
    const value = await store.get(keyOf(PIN, root))

    return value == null ? undefined : decodePin(value).size
  }

  function decodePin (bytes: Uint8Array): { cid: CID, size: number } {
    const [cid, size] = readArray(decodeCanonical(bytes, { maxBytes: MAX_PIN_BYTES }), 'A pin', 2)

    return { cid: readCid(cid, 'cid'), size: readUint(size, 'size') }
  }

  async function isPinned (cid: CID): Promise<boolean> {
    return await store.get(keyOf(COUNT, cid)) != null
  }

  return {
    size,
    isPinned,
    keeps: async cid => held.has(blockKey(cid)) || isPinned(cid),
    async * roots (options = {}) {
      for await (const [, value] of store.range({ ...options, gte: Uint8Array.of(PIN), lt: Uint8Array.of(PIN + 1) })) {
        yield decodePin(value)
      }
    },
    hold () {
      const mine = new Set<string>()

      return {
        add (cid) {
          const key = blockKey(cid)

          if (!mine.has(key)) {
            mine.add(key)
            held.set(key, (held.get(key) ?? 0) + 1)
          }
        },
        release () {
          for (const key of mine) {
            const count = (held.get(key) ?? 0) - 1

            if (count > 0) {
              held.set(key, count)
            } else {
              held.delete(key)
            }
          }

          mine.clear()
        }
      }
    },
    add: async (root, size, blocks) => inTurn(async () => {
      if (await store.get(keyOf(PIN, root)) != null) {
        return
      }

      const before = await counts(blocks)
      const ops: StoreOp[] = blocks.map((cid, i) => ({ type: 'put', key: keyOf(COUNT, cid), value: encode(before[i] + 1) }))
      await store.batch([...ops, { type: 'put', key: keyOf(PIN, root), value: encode([root, size]) }], { durability: 'strict' })
    }),
    remove: async (root, blocks) => inTurn(async () => {
      if (await store.get(keyOf(PIN, root)) == null) {
        return []
      }

      const before = await counts(blocks)
      const ops: StoreOp[] = blocks.map((cid, i) => before[i] > 1
        ? { type: 'put', key: keyOf(COUNT, cid), value: encode(before[i] - 1) }
        : { type: 'delete', key: keyOf(COUNT, cid) })
      await store.batch([...ops, { type: 'delete', key: keyOf(PIN, root) }], { durability: 'strict' })

      return blocks.filter((cid, i) => before[i] <= 1 && !held.has(blockKey(cid)))
    })
  }
}
