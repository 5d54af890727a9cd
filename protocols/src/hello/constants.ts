export const HELLO_PROTOCOL = '/pergola/hello/1.0.0'
/** Random bytes that each side adds, so that no proof fits a second time */
export const NONCE_BYTES = 32
/** A message: an identity record, a card with eight relays, and their heads */
export const MAX_HELLO_BYTES = 40 * 1024
/** All that one side may send in a handshake */
export const MAX_HANDSHAKE_BYTES = 2 * MAX_HELLO_BYTES
/** From the first byte to the last */
export const DEFAULT_HELLO_TIMEOUT_MS = 10_000
/** Handshakes that others may have under way here at the same time, from all peers together */
export const MAX_INBOUND_HELLOS = 32
/** Handshakes that one peer may begin here in a minute */
export const MAX_HELLOS_PER_MINUTE = 20
/** Peers whose handshakes are counted */
export const MAX_COUNTED_PEERS = 1_024
/** Handshakes of one connection at the same time */
export const MAX_HELLO_STREAMS = 2
