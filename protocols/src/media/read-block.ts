import { concat } from 'uint8arrays/concat'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

/** The block, or undefined if it is not there */
export async function readBlock (blockstore: Pick<Blockstore, 'get'>, cid: CID): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []

  try {
    for await (const part of blockstore.get(cid)) {
      parts.push(part)
    }
  } catch (err) {
    if (err instanceof Error && err.name === 'NotFoundError') {
      return undefined
    }

    throw err
  }

  return parts.length === 1 ? parts[0] : concat(parts)
}
