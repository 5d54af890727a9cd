import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { concat } from 'uint8arrays/concat'
import { sha256 } from '../../../src/hash.ts'

const RAW = 0x55
const DAG_PB = 0x70
const SHA_256 = 0x12

export interface Block {
  cid: CID
  bytes: Uint8Array
}

export function rawBlock (bytes: Uint8Array): Block {
  return { cid: CID.createV1(RAW, Digest.create(SHA_256, sha256(bytes))), bytes }
}

function varint (value: number): number[] {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...varint(value >>> 7)]
}

function field (number: number, bytes: Uint8Array): Uint8Array {
  return concat([Uint8Array.from([number << 3 | 2, ...varint(bytes.length)]), bytes])
}

/** A dag-pb node of a UnixFS file whose children have the given sizes */
export function fileNode (children: CID[], sizes: number[]): Block {
  const links = children.map(cid => field(2, concat([field(1, cid.bytes), field(2, new Uint8Array())])))
  const data = Uint8Array.from([0x08, 0x02, 0x18, ...varint(sizes.reduce((a, b) => a + b, 0)), ...sizes.flatMap(size => [0x20, ...varint(size)])])
  const bytes = concat([...links, field(1, data)])

  return { cid: CID.createV1(DAG_PB, Digest.create(SHA_256, sha256(bytes))), bytes }
}
