/** First byte of an invite */
export const INVITE_TYPE = 0x49
/** First byte of a pairing link */
export const PAIRING_TYPE = 0x50
export const LINK_VERSION = 1
/** Bytes of the checksum at the end of a link */
export const CHECKSUM_BYTES = 4
/** The secret of an invite or pairing link, as made here; readers take up to `MAX_SECRET_BYTES` */
export const SECRET_BYTES = 16
export const MAX_SECRET_BYTES = 64
/** Devices of the inviter that an invite may name */
export const MAX_INVITE_DEVICES = 8
/** Members of the array inside a link, of which a later version may add some */
export const MAX_LINK_MEMBERS = 16
/** Bytes of the id by which a token is found without showing it */
export const TOKEN_ID_BYTES = 8
/** Bytes of a proof that somebody holds a token */
export const TOKEN_MAC_BYTES = 32
/** How often one token can be used */
export const MAX_TOKEN_USES = 1_000
/** Tokens that are neither expired nor revoked */
export const MAX_TOKENS = 256
