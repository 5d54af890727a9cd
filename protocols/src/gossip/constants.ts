/** How long a validator may take; then the message is ignored */
export const VALIDATION_TIMEOUT_MS = 2_500

/** Score of a peer for each message of it that was rejected */
export const REJECT_SCORE = -10

/** With more than these a peer is not heard */
export const MAX_REJECTS = 8

/** A reject is forgotten after this time */
export const REJECT_FORGIVEN_MS = 60_000

/** Peers whose rejects are remembered; the oldest is forgotten first */
export const MAX_REJECTED_PEERS = 10_000

/** Neighbours a hub keeps in its mesh: everybody who follows */
export const HUB_MESH = { D: 5_000, Dlo: 5_000, Dhi: 10_000 }

/** Memory for topics that one neighbour may announce; libp2p's default ends at about 950 topics */
export const MAX_TOPIC_BYTES_PER_PEER = 16 * 1024 * 1024

/** Topics in one RPC */
export const MAX_SUBSCRIPTIONS_PER_RPC = 20_000

/** What may wait to be sent to one peer */
export const MAX_OUTBOUND_BUFFER_BYTES = 8 * 1024 * 1024

/** Own messages that wait for a first neighbour to announce their topic */
export const MAX_WAITING_MESSAGES = 64

/** How long such a message waits */
export const WAITING_MS = 10_000

/** Pause before a lost gossip stream is opened again; doubled at each failure */
export const REOPEN_MS = 50

/** Longest such pause */
export const MAX_REOPEN_MS = 30_000

/** A gossip stream that ends sooner counts as a failure */
export const LASTING_MS = 10_000

/** An entry of a later version that is passed on: a header, an inline payload and room for what else it may have */
export const MAX_LATER_BYTES = 18 * 1024

/** Entries of later versions that are passed on in a minute for one neighbour */
export const MAX_LATER_PER_PEER = 30

/** The same in one topic: nobody here can tell who wrote them */
export const MAX_LATER_PER_TOPIC = 60

/** Neighbours, and topics, of which it is counted; the one longest quiet is forgotten first */
export const MAX_COUNTED_LATER = 10_000
