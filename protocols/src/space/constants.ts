export const EPOCH_KEY_BYTES = 32
/** Bytes of the id that commits to an epoch key and stands in entry headers */
export const EPOCH_ID_BYTES = 16
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
/** By how much a sealed payload is longer than what is inside */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES
