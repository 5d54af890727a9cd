/** Longest key of a Store, in bytes; what IndexedDB, level and memory all do well */
export const MAX_STORE_KEY_BYTES = 512
/** Records a range reads from disk at a time */
export const RANGE_PAGE_RECORDS = 256
