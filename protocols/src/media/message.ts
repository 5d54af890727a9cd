/** Bitswap 1.2.0 messages on their way out, in the form that the send queue of Helia's Bitswap takes. */
import { blockKey } from './block-key.ts'
import type { CID } from 'multiformats/cid'

export interface WantEntry {
  cid: Uint8Array
  priority: number
  cancel: boolean
  wantType: 'WantBlock' | 'WantHave'
  sendDontHave: boolean
}

export interface BitswapMessage {
  full: boolean
  pendingBytes: number
  wantlist: Map<string, WantEntry>
  blocks: Map<string, { prefix: Uint8Array, data: Uint8Array }>
  blockPresences: Map<string, { cid: Uint8Array, type: 'HaveBlock' | 'DoNotHaveBlock' }>
}

export function bitswapMessage (): BitswapMessage {
  return { full: false, pendingBytes: 0, wantlist: new Map(), blocks: new Map(), blockPresences: new Map() }
}

export function addWant (message: BitswapMessage, cid: CID, cancel: boolean): void {
  message.wantlist.set(blockKey(cid), { cid: cid.bytes, priority: 1, cancel, wantType: 'WantBlock', sendDontHave: true })
}

export function addBlock (message: BitswapMessage, cid: CID, data: Uint8Array): void {
  const prefix = cid.version === 0
    ? Uint8Array.of(0, cid.code, cid.multihash.code, cid.multihash.size)
    : cid.bytes.subarray(0, cid.bytes.length - cid.multihash.size)

  message.blocks.set(blockKey(cid), { prefix, data })
}

export function addPresence (message: BitswapMessage, cid: CID, has: boolean): void {
  message.blockPresences.set(blockKey(cid), { cid: cid.bytes, type: has ? 'HaveBlock' : 'DoNotHaveBlock' })
}
