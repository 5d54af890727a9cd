/** A CAR of version 1, as a stream that is pulled: https://ipld.io/specs/transport/car/carv1/ */
import { varint } from 'multiformats'
import { concat } from 'uint8arrays/concat'
import { encode } from '../codec/index.ts'
import type { Block } from './blocks.ts'
import type { CID } from 'multiformats/cid'

function section (...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)

  return concat([varint.encodeTo(length, new Uint8Array(varint.encodingLength(length))), ...parts])
}

// the writer of @ipld/car has to be fed and drained at the same time, and stands still for good when either side gives up
export async function * writeCar (roots: CID[], blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array> {
  yield section(encode({ roots, version: 1 }))

  for await (const { cid, bytes } of blocks) {
    yield section(cid.bytes, bytes)
  }
}
