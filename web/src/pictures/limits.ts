/** Longer side of the variant that pages show, in pixels */
export const SMALL_SIDE = 1_280
/** Longer side of the variant that is opened from it */
export const LARGE_SIDE = 2_560
/** Longer side of what is shown, blurred, until the small variant is there */
export const BLUR_SIDE = 16
/** Bytes of the placeholder */
export const MAX_BLUR_BYTES = 1_024
/** Bytes of a file that is taken at all */
export const MAX_FILE_BYTES = 50_000_000
/** Width × height of a picture that is decoded at all: four bytes of memory for each */
export const MAX_PIXELS = 100_000_000
/** Of JPEG and WebP, from 0 to 1 */
export const QUALITY = 0.82
/** What is read of a file to know what it is; thumbnails and profiles can come before the size */
export const HEAD_BYTES = 4_000_000
