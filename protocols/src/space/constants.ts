export const EPOCH_KEY_BYTES = 32
/** Bytes of the id that commits to an epoch key and stands in entry headers */
export const EPOCH_ID_BYTES = 16
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
/** By how much a sealed payload is longer than what is inside */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES
/** Bytes of the tag by which a recipient finds their slot in a key bundle */
export const SLOT_TAG_BYTES = 16
/** An encapsulated X25519 key (RFC 9180) */
export const ENC_BYTES = 32
/** A tag, an encapsulated key, and an epoch key sealed with AES-256-GCM */
export const SLOT_BYTES = SLOT_TAG_BYTES + ENC_BYTES + EPOCH_KEY_BYTES + TAG_BYTES
/** Fewest slots of a key bundle: so many that few devices do not show */
export const MIN_SLOTS = 8
/** Slots in one block: 24 KiB, which fit into a payload */
export const MAX_SLOTS = 256
/** Recipients of one key bundle, in 16 blocks */
export const MAX_RECIPIENTS = 4_096
/** Bytes by which whoever has the key sees to whom it was sealed */
export const MEMBERS_BYTES = 16
/** Highest number of an epoch */
export const MAX_EPOCH_NUMBER = 2 ** 48 - 1
/** Bundle blocks of one device that are taken note of in one space: a key each, some 200 bytes */
export const MAX_BUNDLES_PER_DEVICE = 4_096
/** Epochs that are remembered because entries wait for them */
export const MAX_AWAITED_EPOCHS = 4_096
