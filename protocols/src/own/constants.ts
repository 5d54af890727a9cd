/** Bytes of the seed that the id of the space comes from */
export const OWN_SEED_BYTES = 32
/** UTF-8 bytes of the name of a register */
export const MAX_REGISTER_NAME_BYTES = 128
/** Bytes of an encoded value: with name, links and padding it fits into one sealed payload */
export const MAX_VALUE_BYTES = 30 * 1024
/** Registers that may have a value */
export const MAX_REGISTERS = 16_384
/** Names of registers that a reader holds, those without a value too */
export const MAX_REGISTER_NAMES = 65_536
/** Epoch keys in one payload: 16 KiB */
export const MAX_PAST_KEYS = 512
/** Payloads are padded to a multiple of this, so that their length says little */
export const PAD_BYTES = 256
/** Transport ids of one contact */
export const MAX_CONTACT_PEERS = 32
export const MAX_PEER_BYTES = 128
export const MAX_CONTACT_TOKEN_BYTES = 256
/** UTF-8 bytes of text in a draft */
export const MAX_DRAFT_TEXT_BYTES = 28 * 1024
/** UTF-8 bytes of a setting that is text */
export const MAX_SETTING_BYTES = 1024
