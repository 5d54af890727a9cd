/** Tries that follow the first one, close together */
export const FAST_TRIES = 5

/** From the start of one fast try to the start of the next */
export const FAST_INTERVAL_MS = 10_000

/** Added to a fast interval at random, so that the clients of a restarted relay do not come all at once */
export const FAST_JITTER_MS = 1_000

/** The least time between two tries afterwards */
export const SLOW_INTERVAL_MS = 30_000

export const SLOW_JITTER_MS = 5_000

/** A connection that lasted at least this long is dialled again at once when it is lost; a shorter one counts as a failure */
export const LASTING_MS = 10_000

/** A try that is younger goes on when something asks to reconnect at once */
export const RESTART_AFTER_MS = 1_000

/** How often the machine looks at the clock when nothing is due */
export const HEARTBEAT_MS = 30_000

/** A gap between two looks at the clock after which the device must have slept */
export const SLEPT_MS = 90_000

/** How long one try may take: dial and reserve */
export const TRY_TIMEOUT_MS = 15_000

/** A relay that refuses for longer than this is asked again all the same */
export const MAX_REFUSAL_MS = 24 * 60 * 60 * 1000

/** How long one address of a relay may take within a try */
export const ADDRESS_TIMEOUT_MS = 5_000

/** How long closing the connections to a removed relay may take */
export const HANG_UP_TIMEOUT_MS = 1_000
