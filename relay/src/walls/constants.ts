/** Bounds of what a relay follows at other relays, and of the private spaces it keeps. Times are milliseconds. */

/** Other relays that are linked to at one time */
export const MAX_UPSTREAM_RELAYS = 500
/** Spaces that come from one of them: what a relay lets one client follow */
export const MAX_UPSTREAM_SPACES = 1_000
/** Addresses of one of them that are tried */
export const MAX_UPSTREAM_WAYS = 8
/** After a relay refused a space while the connection stands */
export const REFUSED_RETRY_MS = 60_000
/** After a stream broke while the connection stands */
export const STREAM_RETRY_MS = 2_000
/** Clients are told of many spaces at once */
export const NOTICE_DELAY_MS = 50

/** All private spaces together */
export const MAX_PRIVATE_BYTES = 1024 * 1024 * 1024
export const MAX_PRIVATE_SPACES = 16_384
/** The private spaces that one client asked for first */
export const MAX_PRIVATE_BYTES_PER_CLIENT = 64 * 1024 * 1024
export const MAX_PRIVATE_SPACES_PER_CLIENT = 256
/** Identities whose records are kept for one private space */
export const MAX_PRIVATE_AUTHORS = 256
