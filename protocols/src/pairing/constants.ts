export const PAIRING_PROTOCOL = '/pergola/pair/1.0.0'
/** A frame of the exchange, at most: a welcome in which everything is at its limit */
export const MAX_PAIRING_FRAME_BYTES = 56 * 1024
/** From the first byte to the code, and from a person's answer to the last byte */
export const PAIRING_TIMEOUT_MS = 30_000
/** A person has two devices to look at */
export const CONFIRMATION_TIMEOUT_MS = 2 * 60_000
/** How long a link can be used */
export const DEFAULT_PAIRING_LIFETIME_MS = 15 * 60_000
/** Wrong secrets one offer survives */
export const MAX_PAIRING_FAILURES = 5
export const PAIRING_SECRET_BYTES = 16
export const PAIRING_NONCE_BYTES = 32
export const MAX_DEVICE_NAME_BYTES = 64
/** Transport ids of own devices that travel along */
export const MAX_PAIRED_PEERS = 32
/** Private halves of reading keys that travel along, the newest: each closing of a device makes one */
export const MAX_PAIRED_READING_KEYS = 128
export const PAIRING_CODE_DIGITS = 6

export const CLAIM_PROTOCOL = '/pergola/claim/1.0.0'
export const CLAIM_SECRET_BYTES = 16
/** A secret and a pairing link */
export const MAX_CLAIM_FRAME_BYTES = 8 * 1024
/** Wrong secrets until a node gives itself to nobody any more */
export const MAX_CLAIM_FAILURES = 5
