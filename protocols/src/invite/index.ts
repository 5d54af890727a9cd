/**
 * How people and devices find each other: invite links, pairing links, and the tokens inside them. Both links are text for the part
 * after # of an address, which no browser sends to a server, and for QR codes. Rules: specs/invite.md.
 */
import type { IdentityId } from '../ids.ts'
import type { RelayInfo } from '../relay-info/index.ts'

export interface Invite {
  v: 1
  /** Who invites */
  identity: IdentityId
  /** Sequence number of the inviter's identity record when the invite was made: an older one is a rolled-back one */
  rec: number
  /** One to eight, the best first */
  relays: RelayInfo[]
  /** 16 to 64 secret bytes, with which the invited becomes a friend */
  token?: Uint8Array
  /** Texts of the PeerIds of the inviter's devices at that time; empty where there is no token */
  devices: string[]
  /** The inviter's display name, to show before the wall is there; anybody can write anything here */
  name?: string
}

export interface Pairing {
  v: 1
  identity: IdentityId
  /** Text of the PeerId of the device that shows the link */
  device: string
  relays: RelayInfo[]
  /** 16 to 64 bytes: whoever holds them may ask to become a device of this person */
  secret: Uint8Array
  /** In milliseconds since the epoch */
  expires: number
}

/** That somebody holds a token, bound to a message that never repeats */
export interface TokenProof {
  id: Uint8Array
  mac: Uint8Array
  message: Uint8Array
}

export interface TokenState {
  id: Uint8Array
  /** How many people may use it */
  uses: number
  /** How many have */
  used: number
  /** In milliseconds since the epoch */
  expires: number
}

export interface TokenBook {
  /**
   * Makes a token; resolves once a power cut cannot undo it.
   *
   * @throws {LimitExceededError} if `uses` is not 1 to 1,000, or too many tokens are open
   */
  issue (init: { uses: number, expires: number }): Promise<Uint8Array>
  /** Whether `spend` would say yes; uses nothing up */
  check (proof: TokenProof, holder: string): Promise<boolean>
  /**
   * Uses a token up once for each holder (the text of a PeerId): whoever has used it may come again. Says yes only after that is durable.
   */
  spend (proof: TokenProof, holder: string): Promise<boolean>
  /** From now on nobody can use it, also those who did before */
  revoke (id: Uint8Array): Promise<void>
  list (): Promise<TokenState[]>
}

export { MAX_INVITE_DEVICES, MAX_SECRET_BYTES, MAX_TOKEN_USES, MAX_TOKENS, SECRET_BYTES, TOKEN_ID_BYTES, TOKEN_MAC_BYTES } from './constants.ts'
export { EmptyLinkError, LinkCutShortError, LinkDamagedError, LinkTooNewError, NotALinkError } from './errors.ts'
export { createInvite, decodeInvite, encodeInvite } from './invite.ts'
export { decodePairing, encodePairing } from './pairing.ts'
export { proveToken, tokenId } from './token.ts'
export { createTokenBook } from './token-book.ts'
