/** How long a relay of one's own may take to bring a wall before its author's relays are dialled */
export const VISIT_PATIENCE_MS = 10_000
/** Transport ids that are remembered of one person, the newest */
export const MAX_PEERS_OF_ONE = 32
/** How long a wall that came with holes may take to fill them, from the last that came */
export const HOLE_PATIENCE_MS = 10_000
/** Entries that may wait until this device may write; each has a payload of at most 32 KiB */
export const MAX_WAITING = 500
/** How long to wait, at a recovery, for somebody who has the wall, from the last entry that came */
export const RECOVERY_PATIENCE_MS = 20_000
/** The same for what own devices shared, which perhaps nobody has any more */
export const SHARED_PATIENCE_MS = 10_000
/** How long a device waits for what it missed before it may act for the others, where nobody who has it can be heard */
export const CATCH_UP_PATIENCE_MS = 20_000
