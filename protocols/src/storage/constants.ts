/** Longest key of a Store, in bytes; what IndexedDB, level and memory all do well */
export const MAX_STORE_KEY_BYTES = 512
/** Records a range reads from disk at a time */
export const RANGE_PAGE_RECORDS = 256
/** Operations that writes which wait for the one before are put together to, so that they share its fsync */
export const MAX_GROUPED_OPS = 4_096
/** A secret that a safe keeps */
export const MAX_SECRET_BYTES = 64 * 1024
/** A backup file */
export const MAX_BACKUP_BYTES = 64 * 1024 * 1024
/** Entries in a backup */
export const MAX_BACKUP_ENTRIES = 50_000
/** Identity records in a backup */
export const MAX_BACKUP_RECORDS = 2_048
/** Followed spaces in a backup */
export const MAX_BACKUP_FOLLOWS = 2_048
/** Array and map members in the content of a backup: as many as its other limits allow for, and some */
export const MAX_BACKUP_ITEMS = 1_000_000
/** KiB of memory that a file may ask for to derive its key */
export const MAX_KDF_MEMORY_KIB = 256 * 1024
/** KiB of memory below which it would not be argon2id's strength any more */
export const MIN_KDF_MEMORY_KIB = 1024
/** Passes over that memory that a file may ask for */
export const MAX_KDF_ITERATIONS = 16
/** Lanes that a file may ask for */
export const MAX_KDF_PARALLELISM = 4
/** UTF-8 bytes of a passphrase */
export const MAX_PASSPHRASE_BYTES = 4_096

/** Transport ids of own devices in a backup */
export const MAX_BACKUP_PEERS = 32
/** UTF-8 bytes of a transport id as text */
export const MAX_PEER_BYTES = 128
