/** Every limit that two peers must agree on. Sizes are bytes, times milliseconds, unless the name says otherwise. */

/** A frame on a Pergola stream, without its length prefix */
export const MAX_FRAME_BYTES = 64 * 1024
/** A payload block; longer articles are media */
export const MAX_PAYLOAD_BYTES = 32 * 1024
/** A header, generously: a real one is under 400 bytes */
export const MAX_HEADER_BYTES = 1024
/** Nesting of arrays and maps in anything that is decoded */
export const MAX_CBOR_DEPTH = 32
/** Arrays, maps and their members together, in anything that is decoded */
export const MAX_CBOR_ITEMS = 10_000
/** A signed identity record */
export const MAX_RECORD_BYTES = 16 * 1024
/** Devices an identity record may list, closed ones apart */
export const MAX_DEVICES = 32
/** Closed devices an identity record may list */
export const MAX_CLOSED_DEVICES = 64
/** A gossip message */
export const MAX_GOSSIP_BYTES = 64 * 1024
/** A payload rides inside a gossip message exactly up to here */
export const MAX_INLINE_PAYLOAD_BYTES = 16 * 1024
/** UTF-8 bytes of text in a post */
export const MAX_POST_TEXT_BYTES = 16 * 1024
/** Pictures in one post */
export const MAX_POST_IMAGES = 20
/** Characters in an article */
export const MAX_ARTICLE_CHARACTERS = 200_000
/** UTF-8 bytes of a display name */
export const MAX_NAME_BYTES = 128
/** UTF-8 bytes of a biography */
export const MAX_BIO_BYTES = 2048
/** UTF-8 bytes of an image description */
export const MAX_ALT_BYTES = 4096
/** Entries a sync answer may send before the other side asks for more */
export const MAX_SYNC_ROUND_BYTES = 1024 * 1024
/** Bytes of entries in one sync frame: below the frame limit, with room for its head */
export const SYNC_FRAME_BYTES = 60_000
/** Chains a `have` may name */
export const MAX_SYNC_CHAINS = 512
/** Ranges a `have` may name for one chain */
export const MAX_SYNC_RANGES = 64
/** Spaces one peer may have open on a sync stream */
export const MAX_SYNC_SPACES = 1_024
/** Numbers at which an entry's own signature is checked, even if a later one vouches for it: every multiple of this */
export const SIGNATURE_INTERVAL = 64
/** Headers on one side of a fork proof: from a signed entry down to the split */
export const MAX_FORK_PATH = SIGNATURE_INTERVAL
/** A fork proof: it travels in one frame */
export const MAX_FORK_PROOF_BYTES = 63 * 1024
/** Chains kept of one space */
export const MAX_CHAINS_PER_SPACE = 4_096
/** Topics a client may have a relay subscribe to */
export const MAX_TOPICS_PER_CLIENT = 1_000
/** Streams one peer may have open of one protocol */
export const MAX_STREAMS_PER_PEER = 16
/** Highest sequence number of an entry or record: within the safe integers of JavaScript */
export const MAX_SEQ = 2 ** 48 - 1
/** Highest time of an entry: the year 10889 */
export const MAX_TIME = 2 ** 48 - 1
/** An invite or pairing link */
export const MAX_LINK_CHARACTERS = 4096
/** Relays an invite or a relay list may name */
export const MAX_RELAYS = 8
