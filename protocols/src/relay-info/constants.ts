/** Addresses of one relay */
export const MAX_ADDRS = 8
/** Characters of one address */
export const MAX_ADDR_CHARACTERS = 256
/** Characters of the secret path */
export const MAX_PATH_CHARACTERS = 64
/** Characters of `host:port` of the STUN service: the longest DNS name and a port */
export const MAX_STUN_CHARACTERS = 259
/** UTF-8 bytes of the relay's name */
export const MAX_RELAY_NAME_BYTES = 64
/** One relay-info in canonical form */
export const MAX_RELAY_INFO_BYTES = 4_096
/** Members of the array, of which a later version may add some */
export const MAX_RELAY_INFO_MEMBERS = 16
/** A signed relay-info: the largest body, its signature and their heads */
export const MAX_SIGNED_RELAY_INFO_BYTES = MAX_RELAY_INFO_BYTES + 128
