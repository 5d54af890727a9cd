/** Defaults and bounds of a relay. Sizes are bytes, times milliseconds, unless the name says otherwise. */

/** What the process and the folder of its data are called: nothing that says what they are for */
export const HARMLESS_NAME = 'garden'
/** Port of plain http, on loopback or behind a reverse proxy */
export const DEFAULT_PORT = 4040
/** Port with a certificate */
export const DEFAULT_TLS_PORT = 443
/** Clients that may be reached through this relay at one time; 1,500 take about 360 MB */
export const DEFAULT_MAX_RESERVATIONS = 2_000
/** WebSockets in all; libp2p itself stops at 5,000 connections of all kinds */
export const DEFAULT_MAX_CONNECTIONS = 4_000
/** WebSockets from one address; an IPv6 /64 counts as one. Whole households and mobile carriers share an address */
export const DEFAULT_MAX_CONNECTIONS_PER_IP = 128
/** How long one relayed connection may last */
export const DEFAULT_CIRCUIT_MINUTES = 120
/** How much one relayed connection may carry */
export const DEFAULT_CIRCUIT_MEGABYTES = 1_024
/** Relayed connections that one client may have coming in */
export const MAX_STOP_STREAMS = 1_000
export const HOP_TIMEOUT_MS = 30_000
/** One WebSocket message; libp2p sends at most 64 KiB in one, and anybody may send before the handshake */
export const MAX_WEBSOCKET_MESSAGE_BYTES = 1024 * 1024
/** How long clients may take to close their connections when the relay stops */
export const STOP_GRACE_MS = 2_000
/** How long stopping may take in all before the process ends anyway */
export const STOP_TIMEOUT_MS = 8_000
/** Random bytes in the secret path */
export const SECRET_PATH_BYTES = 16
/** Files and bytes of the web client that are held in memory */
export const MAX_CLIENT_FILES = 2_000
export const MAX_CLIENT_BYTES = 64 * 1024 * 1024
/** STUN answers per second: to everybody, and to one address */
export const STUN_ANSWERS_PER_SECOND = 2_000
export const STUN_ANSWERS_PER_SECOND_PER_IP = 50
/** Larger STUN requests are dropped: a binding request of a browser has 20 to 100 bytes */
export const MAX_STUN_BYTES = 548
/** Validity of the certificate that webrtc-direct addresses name by its hash */
export const WEBRTC_CERTIFICATE_DAYS = 3_650
/** Size of a configuration file */
export const MAX_CONFIG_BYTES = 64 * 1024
