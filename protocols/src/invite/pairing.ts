/** The link by which another device of the same person finds this one. Rules: specs/invite.md [IN20] to [IN22]. */
import { readBytes, readUint } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { idBytes, identityId } from '../ids.ts'
import { MAX_TIME } from '../limits.ts'
import { peerKey, readPeer, relayInfoValue } from '../relay-info/index.ts'
import { PAIRING_TYPE } from './constants.ts'
import { readRelays, readSecret } from './invite.ts'
import { decodeLink, encodeLink } from './link.ts'
import type { Pairing } from './index.ts'
import type { LinkKind } from './link.ts'

const PAIRING: LinkKind = { type: PAIRING_TYPE, noun: 'pairing link', called: 'a pairing link' }
const MEMBERS = 5

function readPairing (members: unknown[]): Pairing {
  if (members.length < MEMBERS) {
    throw new MalformedError('A pairing link must have identity, device, relays, secret and expires')
  }

  const [identity, device, relays, secret, expires] = members

  return {
    v: 1,
    identity: identityId(readBytes(identity, 'identity', 32)),
    device: readPeer(device, 'device'),
    relays: readRelays(relays),
    secret: readSecret(secret, 'secret'),
    expires: readUint(expires, 'expires', MAX_TIME)
  }
}

/**
 * The text that goes after # of a link, and into a QR code.
 *
 * @throws {MalformedError | MalformedIdError | LimitExceededError}
 */
export function encodePairing ({ identity, device, relays, secret, expires }: Pairing): string {
  const members = [idBytes(identity), peerKey(device), relays.map(relayInfoValue), secret, expires]

  readPairing(members)

  return encodeLink(PAIRING, members)
}

/**
 * Reads a pairing link. Whether it has expired is for the caller to see, who has a clock.
 *
 * @throws {EmptyLinkError | NotALinkError | LinkTooNewError | LinkCutShortError | LinkDamagedError} whose message is for the person
 */
export function decodePairing (text: string): Pairing {
  return decodeLink(PAIRING, text, readPairing)
}
