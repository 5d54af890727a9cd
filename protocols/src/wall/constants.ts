/** Random bytes in every payload, so that a short text cannot be guessed from its hash once it was deleted */
export const SALT_BYTES = 16
/** A blurred placeholder */
export const MAX_BLUR_BYTES = 1_024
/** UTF-8 bytes of a content warning */
export const MAX_WARNING_BYTES = 512
/** Characters of a language tag (RFC 5646, 4.4.1) */
export const MAX_LANG_CHARACTERS = 35
/** Characters of a media type */
export const MAX_MEDIA_TYPE_CHARACTERS = 64
/** Pixels on a side of an image */
export const MAX_IMAGE_SIDE = 65_535
/** Bytes that a media reference may claim; how much is fetched is decided elsewhere */
export const MAX_MEDIA_BYTES = 2 ** 40
/** Entries that an edit, profile or reach may replace at once */
export const MAX_AFTER = 32
/** UTF-8 bytes of the name of a kind */
export const MAX_KIND_BYTES = 64
