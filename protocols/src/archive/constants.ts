/** Names and limits of archives. Sizes are bytes. Rules: specs/archive.md. */

export const README_NAME = 'README.txt'
export const READABLE_NAME = 'wall.json'
export const CAR_NAME = 'wall.car'
export const KEYS_NAME = 'keys.sealed'
export const MEDIA_FOLDER = 'media/'
/** Names in the ZIP */
export const MAX_ARCHIVE_NAMES = 100_000
/** What is read of the ZIP in one piece: its directory */
export const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024
/** How many times its size in the ZIP a file may have when it is unpacked */
export const MAX_EXPANSION = 64
/** A file this large or smaller may unpack from anything */
export const FREE_EXPANSION_BYTES = 64 * 1024 * 1024
/** Roots of the CAR: files, heads of chains, the manifest */
export const MAX_ARCHIVE_ROOTS = 200_000
/** The head of the CAR: so many roots, and some */
export const MAX_CAR_HEAD_BYTES = 16 * 1024 * 1024
/** A block of the CAR */
export const MAX_ARCHIVED_BLOCK_BYTES = 1024 * 1024
/** A CID in the CAR; those that are taken have 36 */
export const MAX_CAR_CID_BYTES = 128
export const MAX_ARCHIVE_SPACES = 64
/** Records of one archive, and fork proofs */
export const MAX_ARCHIVE_RECORDS = 4_096
/** Entries of one archive */
export const MAX_ARCHIVE_ENTRIES = 200_000
/** Entries on a page */
export const PAGE_ENTRIES = 64
/** Entries that are taken in one durable write */
export const MAX_STEP_BYTES = 64 * 1024 * 1024
