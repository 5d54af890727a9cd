/** Where a tree begins, and its bytes. Rules: specs/storage.md [ST65] */
import { MalformedError } from '../../errors.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { MAX_LISTED_DEAD, NAME_BYTES, NODE_PADDING_BYTES } from './constants.ts'
import { costOfAll, readChanges, writeItems } from './items.ts'
import { roundUp } from './padding.ts'
import type { Change } from './items.ts'

export interface Root {
  commit: number
  /** Of the topmost node */
  top: Uint8Array
  /** Names of records that were replaced and are to be deleted */
  dead: Uint8Array[]
  /** What is not in the tree yet, in the order of the keys */
  recent: Change[]
}

const ROOT_VERSION = 1
/** Version, commit, top and two counts */
const HEAD_BYTES = 1 + 6 + NAME_BYTES + 2 + 2

export function encodeRoot ({ commit, top, dead, recent }: Root): Uint8Array {
  const listed = dead.slice(0, MAX_LISTED_DEAD)
  const writer = new ByteWriter(roundUp(HEAD_BYTES + listed.length * NAME_BYTES + costOfAll(recent), NODE_PADDING_BYTES))

  writer.uint(ROOT_VERSION, 1)
  writer.uint(commit, 6)
  writer.bytes(top)
  writer.uint(listed.length, 2)
  listed.forEach(name => { writer.bytes(name) })
  writer.uint(recent.length, 2)
  writeItems(writer, recent)

  return writer.padded(NODE_PADDING_BYTES)
}

/** @throws {MalformedError} if it is none of this version */
export function decodeRoot (bytes: Uint8Array): Root {
  const reader = new ByteReader(bytes)

  if (reader.uint(1) !== ROOT_VERSION) {
    throw new MalformedError('A root of another version')
  }

  const commit = reader.uint(6)
  const top = reader.bytes(NAME_BYTES)
  const dead = Array.from({ length: reader.uint(2) }, () => reader.bytes(NAME_BYTES))

  return { commit, top, dead, recent: readChanges(reader, reader.uint(2)) }
}
