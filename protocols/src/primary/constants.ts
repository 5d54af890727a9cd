export const PRIMARY_PROTOCOL = '/pergola/primary/1.0.0'

/** From one beat to the next. A page in the background is frozen anyway, so what counts is that 30 s suffice on a bad line */
export const BEAT_MS = 4_000

/** Added to the interval at random, so that beats of several devices do not stay in step */
export const BEAT_JITTER_MS = 400

/** Least time between two beats, and within which changes are said */
export const SOON_MS = 1_000

/** A device is alive so long after the time from which it last proved life: four beats, each of them answered */
export const SUSPECT_MS = 20_000

/** How long the device that should be primary may take to say that it is */
export const STALL_MS = 8_000

/** Own beats whose time is remembered: more than fit into SUSPECT_MS */
export const MAX_REMEMBERED_BEATS = 32

export const BOOT_BYTES = 16

/** Boots that one beat may name: of each other device the present one and one that has yet to prove itself */
export const MAX_HEARD = 62

/** A signed beat; with MAX_HEARD boots it has under 5 KB */
export const MAX_BEAT_BYTES = 8 * 1024

/** Of one peer: more than it has to pass on when 32 devices beat as often as they may */
export const MAX_BEATS_PER_MINUTE = 2_000

/** Bytes of one stream that came and were not looked at yet */
export const MAX_UNREAD_BYTES = 64 * 1024

/** Streams of one connection */
export const MAX_PRIMARY_STREAMS = 2

/** How long opening a stream may take, and saying farewell */
export const OPEN_TIMEOUT_MS = 10_000
export const FAREWELL_TIMEOUT_MS = 1_000

/** After work of the primary failed */
export const TASK_RETRY_MS = 10_000

/** Acts that are due and not done */
export const MAX_DUE_ACTS = 10_000

/** Acts that are done and remembered */
export const MAX_DONE_ACTS = 10_000
