/** Nodes of the tree and their bytes. Rules: specs/storage.md [ST63] */
import { MalformedError } from '../../errors.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { MAX_LEVEL, NAME_BYTES, NODE_PADDING_BYTES } from './constants.ts'
import { roundUp } from './padding.ts'

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

/** The part of a tree for keys from `key` on */
export interface Child {
  key: Uint8Array
  /** Of its record */
  name: Uint8Array
}

interface Bounds {
  /** The commit that wrote it */
  commit: number
  /** The first key it is for; empty: from the very first */
  low: Uint8Array
  /** The end of the keys it is for, not included; undefined: there is none */
  high: Uint8Array | undefined
}

export interface Leaf extends Bounds {
  level: 0
  items: Item[]
}

export interface Branch extends Bounds {
  /** 1 or more */
  level: number
  children: Child[]
}

export type Node = Leaf | Branch

const NODE_VERSION = 1
const OPEN_END = 0xffff
const ValueTag = { inline: 0, apart: 1 } as const
/** Version, level, commit, count and the lengths of the bounds */
const HEAD_BYTES = 14
const ITEM_HEAD_BYTES = 9

export function isLeaf (node: Node): node is Leaf {
  return node.level === 0
}

export function isApart (value: Item['value']): value is Apart {
  return !(value instanceof Uint8Array)
}

function sharedLength (a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length)
  let shared = 0

  while (shared < most && a[shared] === b[shared]) {
    shared++
  }

  return shared
}

const NO_KEY: Uint8Array = new Uint8Array()

/** How many bytes an item adds to a node, behind the one before it */
export function costOf (item: Item | Child, before: Uint8Array = NO_KEY): number {
  const key = ITEM_HEAD_BYTES + item.key.length - sharedLength(before, item.key)

  return 'value' in item && !isApart(item.value) ? key + item.value.length : key + NAME_BYTES
}

export function sizeOf (node: Node): number {
  const items: Array<Item | Child> = isLeaf(node) ? node.items : node.children

  return items.reduce((size, item, i) => size + costOf(item, items[i - 1]?.key), 0)
}

export function encodeNode (node: Node): Uint8Array {
  const items: Array<Item | Child> = isLeaf(node) ? node.items : node.children
  const most = HEAD_BYTES + node.low.length + (node.high?.length ?? 0) + sizeOf(node)
  const writer = new ByteWriter(roundUp(most, NODE_PADDING_BYTES))

  writer.uint(NODE_VERSION, 1)
  writer.uint(node.level, 1)
  writer.uint(node.commit, 6)
  writer.uint(items.length, 2)
  writeBound(writer, node.low)
  writeBound(writer, node.high)

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

  return writer.padded(NODE_PADDING_BYTES)
}

function writeBound (writer: ByteWriter, bound: Uint8Array | undefined): void {
  writer.uint(bound?.length ?? OPEN_END, 2)
  writer.bytes(bound ?? NO_KEY)
}

function writeValue (writer: ByteWriter, value: Item['value']): void {
  if (isApart(value)) {
    writer.uint(ValueTag.apart, 1)
    writer.uint(value.length, 4)
    writer.bytes(value.name)
  } else {
    writer.uint(ValueTag.inline, 1)
    writer.uint(value.length, 4)
    writer.bytes(value)
  }
}

/**
 * Arrays in it are views of the bytes where they can be.
 *
 * @throws {MalformedError} if it is no node; what was sealed is one
 */
export function decodeNode (bytes: Uint8Array): Node {
  const reader = new ByteReader(bytes)

  if (reader.uint(1) !== NODE_VERSION) {
    throw new MalformedError('A node of another version')
  }

  const level = reader.uint(1)
  const commit = reader.uint(6)
  const count = reader.uint(2)
  const low = readBound(reader) ?? NO_KEY
  const high = readBound(reader)

  if (level > MAX_LEVEL) {
    throw new MalformedError('A node of a tree that is too high')
  }

  const keyed = <T>(read: (key: Uint8Array) => T): T[] => {
    let before = NO_KEY

    return Array.from({ length: count }, () => {
      before = readKey(reader, before)

      return read(before)
    })
  }

  return level === 0
    ? { level, commit, low, high, items: keyed(key => ({ key, value: readValue(reader) })) }
    : { level, commit, low, high, children: keyed(key => ({ key, name: reader.bytes(NAME_BYTES) })) }
}

function readBound (reader: ByteReader): Uint8Array | undefined {
  const length = reader.uint(2)

  return length === OPEN_END ? undefined : reader.bytes(length)
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

function readValue (reader: ByteReader): Item['value'] {
  const tag = reader.uint(1)
  const length = reader.uint(4)

  return tag === ValueTag.apart ? { name: reader.bytes(NAME_BYTES), length } : reader.bytes(length)
}
