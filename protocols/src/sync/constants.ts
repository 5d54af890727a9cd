export const SYNC_PROTOCOL = '/pergola/sync/1.0.0'

/** Entries written with one fsync */
export const MAX_INGEST_ENTRIES = 1_000
/** Entries of one chain in the first frame about it; each further one may hold twice as many */
export const FIRST_SLICE_ENTRIES = 16
/** Entries of one chain in one frame */
export const MAX_SLICE_ENTRIES = 512
/** The other side may send more once this many bytes of entries have been dealt with */
export const GRANT_BYTES = 256 * 1024
/** Frames waiting to be dealt with: more than an honest peer can have on the way */
export const MAX_INBOX_BYTES = 4 * 1024 * 1024
/** Entries with a bad signature or in the wrong space, after which a stream is closed */
export const MAX_BAD_ENTRIES = 256
/** Points of a chain in one answer while two peers look for a split */
export const MAX_TRAIL_POINTS = 256
/** Questions while two peers look for one split: 256 points each, so that any split is found in six */
export const MAX_SEARCH_ROUNDS = 8
/** Splits that are looked for at the same time in one space */
export const MAX_SEARCHES = 64
/** Ranges remembered of one chain of what the other side has */
export const MAX_KNOWN_RANGES = 1_024
/** Receipts in one frame */
export const MAX_RECEIPTS_PER_FRAME = 128
/** Records in one frame: four of the largest fit */
export const MAX_RECORDS_PER_FRAME = 64

/** How long a connection may take to open a stream before another one is tried */
export const OPEN_TIMEOUT_MS = 5_000
