/** Nodes of the tree and their bytes. Rules: specs/storage.md [ST63] */
import { MalformedError } from '../../errors.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { MAX_LEVEL, NODE_PADDING_BYTES } from './constants.ts'
import { costOfAll, NO_KEY, readChildren, readItems, writeItems } from './items.ts'
import { roundUp } from './padding.ts'
import type { Child, Item } from './items.ts'

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
/** Version, level, commit, count and the lengths of the bounds */
const HEAD_BYTES = 14

export function isLeaf (node: Node): node is Leaf {
  return node.level === 0
}

export function partsOf (node: Node): Array<Item | Child> {
  return isLeaf(node) ? node.items : node.children
}

export function sizeOf (node: Node): number {
  return costOfAll(partsOf(node))
}

export function encodeNode (node: Node): Uint8Array {
  const parts = partsOf(node)
  const most = HEAD_BYTES + node.low.length + (node.high?.length ?? 0) + sizeOf(node)
  const writer = new ByteWriter(roundUp(most, NODE_PADDING_BYTES))

  writer.uint(NODE_VERSION, 1)
  writer.uint(node.level, 1)
  writer.uint(node.commit, 6)
  writer.uint(parts.length, 2)
  writeBound(writer, node.low)
  writeBound(writer, node.high)
  writeItems(writer, parts)

  return writer.padded(NODE_PADDING_BYTES)
}

function writeBound (writer: ByteWriter, bound: Uint8Array | undefined): void {
  writer.uint(bound?.length ?? OPEN_END, 2)
  writer.bytes(bound ?? NO_KEY)
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

  return level === 0
    ? { level, commit, low, high, items: readItems(reader, count) }
    : { level, commit, low, high, children: readChildren(reader, count) }
}

function readBound (reader: ByteReader): Uint8Array | undefined {
  const length = reader.uint(2)

  return length === OPEN_END ? undefined : reader.bytes(length)
}
