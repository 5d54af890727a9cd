/** Private spaces: epochs, and payloads sealed under them. Rules: specs/space.md. */
/** A key under which a private space is written, ready for use */
export interface Epoch {
  /** 16 bytes that commit to the key; stand in entry headers as `epoch` */
  readonly id: Uint8Array
  /** AES-256-GCM, not extractable, derived from the epoch key */
  readonly payloadKey: CryptoKey
}

export { EPOCH_ID_BYTES, EPOCH_KEY_BYTES, SEAL_BYTES } from './constants.ts'
export { createEpochKey, epochId, openEpoch } from './epoch.ts'
export { WrongEpochError } from './errors.ts'
export { isPrivateSpace, privateSpaceId } from './kind.ts'
export { openPayload, sealPayload } from './seal.ts'
export type { SealedHeader } from '../log/entry.ts'
