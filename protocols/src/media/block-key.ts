import { base64 } from 'multiformats/bases/base64'
import type { CID } from 'multiformats/cid'

/** What blocks are told apart by: the same bytes under another codec are the same block */
export function blockKey (cid: CID): string {
  return base64.encode(cid.multihash.bytes)
}
