/** Limits of media. Sizes are bytes, times milliseconds. Rules: specs/media.md. */

/** Leaves that we make */
export const LEAF_BYTES = 256 * 1024
/** Largest block that is accepted or served */
export const MAX_BLOCK_BYTES = 1024 * 1024
/** Links from the root down to a leaf */
export const MAX_DAG_DEPTH = 8
/** Links of one node */
export const MAX_DAG_WIDTH = 1024
/** Blocks of one file, each counted as often as it is linked to */
export const MAX_DAG_VISITS = 65_536
/** Bytes of links and node heads that any file may have besides its content; and a 1,024th of its content */
export const DAG_OVERHEAD_BYTES = 256 * 1024
/** Largest file that is handed out in one piece */
export const MAX_GET_BYTES = 256 * 1024 * 1024
/** Blocks of one file that are asked for at the same time */
export const WALK_CONCURRENCY = 8
/** Blocks asked of one peer at the same time, over all files */
export const MAX_WANTS_PER_PEER = 32
/** Wants kept of one peer; those beyond are answered with "don't have" */
export const MAX_SERVED_WANTS_PER_PEER = 256
/** Entries of one want list that are read; those beyond are ignored */
export const MAX_WANTS_PER_MESSAGE = 1024
/** Blocks of one answer, together */
export const MESSAGE_BLOCK_BYTES = 512 * 1024
/** A block up to this size is sent to whoever only asked whether it is here */
export const SMALL_BLOCK_BYTES = 1024
/** Streams one peer may have open towards us */
export const MAX_INBOUND_STREAMS_PER_PEER = 64
/** A message must have been sent, or have come in, within this time: at 10 s 20 MB over 300 kB/s would never arrive */
export const MESSAGE_TIMEOUT_MS = 120_000
/** A provider that has been silent for so long is not waited for alone: the next one is asked too */
export const HEDGE_MS = 3_000
/** After so long a silence the same providers are asked again: a message may have been lost with its connection */
export const ASK_AGAIN_MS = 15_000
/** Every provider has been silent for so long: the block is given up */
export const STALL_MS = 120_000
/** A provider to whom so many times a want could not be sent is not asked again */
export const MAX_SEND_FAILURES = 3
/** How long a provider that is not connected may take to come back */
export const ABSENT_GRACE_MS = 15_000
/** Blocks are written in batches of about this size */
export const WRITE_BATCH_BYTES = 4 * 1024 * 1024
/** Blocks that may be on their way through a relay at the same time */
export const MAX_THROUGH_FETCHES = 256
/** … for one asking peer */
export const MAX_THROUGH_FETCHES_PER_PEER = 32
/** A block that a relay could not get within this time is answered with "don't have" */
export const THROUGH_TIMEOUT_MS = 30_000
/** Blocks that are looked at, to find some that may be dropped, before one that is new is refused */
export const MAX_EVICTION_STEPS = 64
/** What a block costs of a quota besides its bytes: tiny blocks must not fill the memory */
export const BLOCK_COST_BYTES = 256
/** Roots of one pin request */
export const MAX_PIN_ROOTS = 256
/** Files that are being pinned for other peers at the same time */
export const MAX_PINS_AT_ONCE = 16
/** … for one request */
export const PINS_PER_REQUEST = 4
/** A request must have come whole within this time */
export const PIN_REQUEST_TIMEOUT_MS = 30_000
/** While a file arrives, whoever waits for its pin is told so about this often */
export const PIN_PROGRESS_MS = 5_000
/** Largest file that a pin may be asked for: the address space of a DAG of the allowed shape */
export const MAX_PIN_BYTES = 2 ** 40
