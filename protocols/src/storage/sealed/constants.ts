/** A node is cut in two when it would be larger, in bytes: small enough to be written for each post, large enough that a wall is read in few */
export const MAX_NODE_BYTES = 8 * 1024
/** A node that deletions made smaller joins the one beside it */
export const MIN_NODE_BYTES = MAX_NODE_BYTES / 4
/** A larger value has a record of its own */
export const MAX_INLINE_VALUE_BYTES = 2 * 1024
/** The sizes of nodes and of the root are multiples of it, so that sizes say little */
export const NODE_PADDING_BYTES = 1024
/** Changes that the root holds before they go into the tree: so that a post writes one record, not all from a leaf to the top */
export const MAX_RECENT_BYTES = 8 * 1024
/** Nodes kept in memory */
export const MAX_CACHED_BYTES = 4 * 1024 * 1024
/** Nodes that a range reads ahead */
export const MAX_READ_AHEAD = 8
/** Names that the root lists for deletion; what goes beyond it while ranges are under way is left to sweeping if the program is killed */
export const MAX_LISTED_DEAD = 2_048
/** Levels of a tree: enough for more records than any disk holds */
export const MAX_LEVEL = 16
/** Records that a sweep or a move handles at a time */
export const SWEEP_BATCH_RECORDS = 256
/** Bytes of values that a move handles at a time */
export const MOVE_BATCH_BYTES = 1024 * 1024

/** Of a record's name */
export const NAME_BYTES = 16
/** Of a master key */
export const MASTER_KEY_BYTES = 32

/** Key slots of a header, used or not */
export const SLOT_COUNT = 8
/** A slot: the master key, then what it is for, each sealed */
export const SLOT_BYTES = 89
/** The part of it that holds the master key */
export const SLOT_KEY_BYTES = 60
/** Passphrases that may be wrong before attempts have to wait */
export const FREE_ATTEMPTS = 5
/** The first wait */
export const FIRST_ATTEMPT_WAIT_MS = 15_000
/** The longest wait */
export const MAX_ATTEMPT_WAIT_MS = 3_600_000
