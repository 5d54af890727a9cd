/** Private spaces: epochs, and payloads sealed under them. Rules: specs/space.md. */
import type { EntryHeader } from '../log/entry.ts'

/** A key under which a private space is written, ready for use */
export interface Epoch {
  /** 16 bytes that commit to the key; stand in entry headers as `epoch` */
  readonly id: Uint8Array
  /** AES-256-GCM, not extractable, derived from the epoch key */
  readonly payloadKey: CryptoKey
}

/** The header of an entry in a private space before its payload is known */
export type SealedHeader = Omit<EntryHeader, 'payload' | 'size' | 'epoch'> & { epoch: Uint8Array }

export { EPOCH_ID_BYTES, EPOCH_KEY_BYTES, SEAL_BYTES } from './constants.ts'
export { createEpochKey, epochId, openEpoch } from './epoch.ts'
export { WrongEpochError } from './errors.ts'
export { openPayload, sealPayload } from './seal.ts'
