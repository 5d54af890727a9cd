/** What was written while this device could not append, kept until it can. Rules: specs/storage.md [ST90] to [ST94]. */
import { decodeCanonical, encode, readBytes, readMap, readUint } from '../codec/index.ts'
import { MAX_PAYLOAD_BYTES, MAX_SEQ, MAX_TIME } from '../limits.ts'
import { decodePayload } from '../wall/index.ts'
import { MAX_WAITING } from './constants.ts'
import { TooManyWaitingError } from './errors.ts'
import type { Store } from '../interface.ts'
import type { Payload } from '../wall/index.ts'

/** Something written that is no entry yet */
export interface Waiting {
  /** Counted up; never that of something that waits at the same time */
  id: number
  /** When it was written */
  time: number
  payload: Payload
}

/** As it is kept */
export interface Kept extends Waiting {
  bytes: Uint8Array
  /** The lowest sequence number that its entry can have */
  from: number
}

/** In the order in which it was written */
export interface WaitingBook {
  load (): Promise<void>
  list (): Kept[]
  /** Resolves once durable. @throws {TooManyWaitingError} */
  add (bytes: Uint8Array, place: { from: number, time: number }): Promise<Kept>
  /** Idempotent; resolves once durable */
  delete (id: number): Promise<void>
}

const KEY_BYTES = 8
/** Around the payload */
const MARGIN_BYTES = 64

function keyOf (id: number): Uint8Array {
  const key = new Uint8Array(KEY_BYTES)

  new DataView(key.buffer).setBigUint64(0, BigInt(id))

  return key
}

function idOf (key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset).getBigUint64(0))
}

function readKept (id: number, value: Uint8Array): Kept {
  const fields = readMap(decodeCanonical(value, { maxBytes: MAX_PAYLOAD_BYTES + MARGIN_BYTES }), 'Something that waits', ['from', 'payload', 'time'])
  const bytes = readBytes(fields.payload, 'payload')

  return { id, bytes, payload: decodePayload(bytes), from: readUint(fields.from, 'from', MAX_SEQ), time: readUint(fields.time, 'time', MAX_TIME) }
}

export function createWaiting (store: Store): WaitingBook {
  const kept = new Map<number, Kept>()
  let next = 0

  return {
    list: () => [...kept.values()],

    async load () {
      for await (const [key, value] of store.range()) {
        const id = idOf(key)

        kept.set(id, readKept(id, value))
        next = id + 1
      }
    },

    async add (bytes, place) {
      if (kept.size >= MAX_WAITING) {
        throw new TooManyWaitingError(`${MAX_WAITING} things wait already until this device has heard from others: connect it first`)
      }

      const id = next++
      const added = { id, bytes, payload: decodePayload(bytes), ...place }

      await store.put(keyOf(id), encode({ ...place, payload: bytes }), { durability: 'strict' })
      kept.set(id, added)

      return added
    },

    async delete (id) {
      await store.delete(keyOf(id), { durability: 'strict' })
      kept.delete(id)
    }
  }
}
