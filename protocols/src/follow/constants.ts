export const FOLLOW_PROTOCOL = '/pergola/follow/1.0.0'

/** A request, an answer or a notice */
export const MAX_FOLLOW_BYTES = 8 * 1024

/** Spaces one client may follow or offer at a relay */
export const MAX_FOLLOWS_PER_CLIENT = 1_000

/** Spaces all clients together may follow or offer at a relay */
export const MAX_FOLLOWS = 200_000

/** Sources a request may name, and a relay keeps links to */
export const MAX_SOURCES = 2

/** Different sources a relay remembers of all clients together */
export const MAX_KEPT_SOURCES = 50_000

/** Addresses of one source */
export const MAX_SOURCE_ADDRESSES = 4

/** UTF-8 bytes of one address of a source */
export const MAX_SOURCE_ADDRESS_BYTES = 256

/** UTF-8 bytes of the secret path of a source */
export const MAX_SOURCE_PATH_BYTES = 128

/** UTF-8 bytes of the PeerId of a source */
export const MAX_SOURCE_PEER_BYTES = 128

/** Requests on one stream */
export const MAX_REQUESTS_PER_STREAM = 2_000

/** How long a stream may take */
export const STREAM_TIMEOUT_MS = 30_000

/** Streams to one relay that ask at the same time; who asks for more waits. A peer may have twice as many */
export const MAX_STREAMS_AT_ONCE = 8
