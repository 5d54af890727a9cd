/** Libp2p's signalling protocol for WebRTC between two peers that meet at a relay */
export const WEBRTC_SIGNALING_PROTOCOL = '/webrtc-signaling/0.0.1'

/** Circuit relay v2: how a relay announces that somebody wants to be connected through it */
export const CIRCUIT_STOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/stop'

/** What identify calls this program: what every js-libp2p without a name of its own could say */
export const AGENT_VERSION = 'libp2p'

/** Receive window of a yamux stream at first, bytes */
export const INITIAL_WINDOW_BYTES = 256 * 1024

/** Receive window of a yamux stream at the most, bytes */
export const MAX_WINDOW_BYTES = 16 * 1024 * 1024

/** How long one address may take to be dialled */
export const ADDRESS_DIAL_TIMEOUT_MS = 6_000

/** How long a direct connection may take to answer its first ping before it is trusted */
export const PROBATION_TIMEOUT_MS = 5_000

/** Attempts of a WebRTC dial: two of eight time out although the path is good */
export const WEBRTC_ATTEMPTS = 2
