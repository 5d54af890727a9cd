import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from '../hash.ts'

/** A block and the name that its bytes give it */
export interface Block {
  cid: CID
  bytes: Uint8Array
}

const DAG_CBOR = 0x71
const SHA_256 = 0x12

/** Names bytes that are dag-cbor */
export function cborBlock (bytes: Uint8Array): Block {
  return { cid: CID.createV1(DAG_CBOR, Digest.create(SHA_256, sha256(bytes))), bytes }
}

export function isCbor (cid: CID): boolean {
  return cid.code === DAG_CBOR
}
