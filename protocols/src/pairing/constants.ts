export const PAIRING_PROTOCOL = '/pergola/pair/1.0.0'
/** A frame of the exchange, at most: two identity records with room */
export const MAX_PAIRING_FRAME_BYTES = 40 * 1024
/** From the first byte to the last */
export const PAIRING_TIMEOUT_MS = 30_000
/** How long a link can be used */
export const DEFAULT_PAIRING_LIFETIME_MS = 15 * 60_000
/** Wrong secrets one offer survives */
export const MAX_PAIRING_FAILURES = 5
export const PAIRING_SECRET_BYTES = 16
export const PAIRING_NONCE_BYTES = 32
export const MAX_DEVICE_NAME_BYTES = 64
/** Transport ids of own devices that travel along */
export const MAX_PAIRED_PEERS = 32

export const CLAIM_PROTOCOL = '/pergola/claim/1.0.0'
export const CLAIM_SECRET_BYTES = 16
/** A secret and a pairing link */
export const MAX_CLAIM_FRAME_BYTES = 8 * 1024
/** Wrong secrets until a node gives itself to nobody any more */
export const MAX_CLAIM_FAILURES = 5
