/** Keys and values within a sealed record. Rules: specs/storage.md [ST63] */
import { MalformedError } from '../../errors.ts'
import { NAME_BYTES } from './constants.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** A value that has a record of its own */
export interface Apart {
  name: Uint8Array
  /** Of the value, in bytes */
  length: number
}

export interface Item {
  key: Uint8Array
  value: Uint8Array | Apart
}

/** A key with its new value; undefined deletes it */
export interface Change {
  key: Uint8Array
  value: Item['value'] | undefined
}

/** The part of a tree for keys from `key` on */
export interface Child {
  key: Uint8Array
  /** Of its record */
  name: Uint8Array
}

export const NO_KEY: Uint8Array = new Uint8Array()

const ValueTag = { inline: 0, apart: 1, deleted: 2 } as const
/** Lengths of its key, and the tag and length of its value */
const ITEM_HEAD_BYTES = 9

export function isApart (value: Change['value']): value is Apart {
  return value != null && !(value instanceof Uint8Array)
}

function sharedLength (a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length)
  let shared = 0

  while (shared < most && a[shared] === b[shared]) {
    shared++
  }

  return shared
}

/** How many bytes, at the most, one adds behind the one before it */
export function costOf (item: Change | Child, before: Uint8Array = NO_KEY): number {
  const key = ITEM_HEAD_BYTES + item.key.length - sharedLength(before, item.key)

  return 'value' in item && item.value instanceof Uint8Array ? key + item.value.length : key + NAME_BYTES
}

export function costOfAll (items: ReadonlyArray<Change | Child>): number {
  return items.reduce((sum, item, i) => sum + costOf(item, items[i - 1]?.key), 0)
}

export function writeItems (writer: ByteWriter, items: ReadonlyArray<Change | Child>): void {
  let before = NO_KEY

  for (const item of items) {
    const shared = sharedLength(before, item.key)

    writer.uint(shared, 2)
    writer.uint(item.key.length - shared, 2)
    writer.bytes(item.key.subarray(shared))
    before = item.key

    if ('value' in item) {
      writeValue(writer, item.value)
    } else {
      writer.bytes(item.name)
    }
  }
}

function writeValue (writer: ByteWriter, value: Change['value']): void {
  if (value == null) {
    writer.uint(ValueTag.deleted, 1)
  } else if (isApart(value)) {
    writer.uint(ValueTag.apart, 1)
    writer.uint(value.length, 4)
    writer.bytes(value.name)
  } else {
    writer.uint(ValueTag.inline, 1)
    writer.uint(value.length, 4)
    writer.bytes(value)
  }
}

/** @throws {MalformedError} if bytes are missing or a value is deleted */
export function readItems (reader: ByteReader, count: number): Item[] {
  return readChanges(reader, count).map(({ key, value }) => {
    if (value == null) {
      throw new MalformedError('An item without a value')
    }

    return { key, value }
  })
}

/** @throws {MalformedError} if bytes are missing */
export function readChanges (reader: ByteReader, count: number): Change[] {
  return readKeyed(reader, count, key => ({ key, value: readValue(reader) }))
}

/** @throws {MalformedError} if bytes are missing */
export function readChildren (reader: ByteReader, count: number): Child[] {
  return readKeyed(reader, count, key => ({ key, name: reader.bytes(NAME_BYTES) }))
}

function readKeyed<T> (reader: ByteReader, count: number, read: (key: Uint8Array) => T): T[] {
  let before = NO_KEY

  return Array.from({ length: count }, () => {
    before = readKey(reader, before)

    return read(before)
  })
}

function readKey (reader: ByteReader, before: Uint8Array): Uint8Array {
  const shared = reader.uint(2)
  const rest = reader.bytes(reader.uint(2))

  if (shared === 0) {
    return rest
  }

  if (shared > before.length) {
    throw new MalformedError('A key shares more than there is')
  }

  const key = new Uint8Array(shared + rest.length)
  key.set(before.subarray(0, shared))
  key.set(rest, shared)

  return key
}

function readValue (reader: ByteReader): Change['value'] {
  const tag = reader.uint(1)

  if (tag === ValueTag.deleted) {
    return undefined
  }

  const length = reader.uint(4)

  return tag === ValueTag.apart ? { name: reader.bytes(NAME_BYTES), length } : reader.bytes(length)
}
