/** The invite link. Rules: specs/invite.md [IN10] to [IN16]. */
import { readArray, readBytes, readText, readUint } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { idBytes, identityId } from '../ids.ts'
import { MAX_NAME_BYTES, MAX_RELAYS, MAX_SEQ } from '../limits.ts'
import { peerKey, readPeer, readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { INVITE_TYPE, MAX_INVITE_DEVICES, MAX_SECRET_BYTES, SECRET_BYTES } from './constants.ts'
import { decodeLink, encodeLink } from './link.ts'
import type { Invite } from './index.ts'
import type { LinkKind } from './link.ts'
import type { RelayInfo } from '../relay-info/index.ts'

const INVITE: LinkKind = { type: INVITE_TYPE, noun: 'invite', called: 'an invite' }
const MEMBERS = 6

/** A secret of 16 to 64 bytes */
export function readSecret (value: unknown, what: string): Uint8Array {
  const secret = readBytes(value, what)

  if (secret.length < SECRET_BYTES || secret.length > MAX_SECRET_BYTES) {
    throw new LimitExceededError(`${what} must have ${SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes`)
  }

  return secret
}

export function readRelays (value: unknown): RelayInfo[] {
  const relays = readArray(value, 'relays', MAX_RELAYS).map(readRelayInfo)

  if (relays.length === 0) {
    throw new MalformedError('At least one relay is needed')
  }

  return relays
}

function readInvite (members: unknown[]): Invite {
  if (members.length < MEMBERS) {
    throw new MalformedError('An invite must have identity, rec, relays, token, devices and name')
  }

  const [identity, rec, relays, token, devices, name] = members
  const peers = readArray(devices, 'devices', MAX_INVITE_DEVICES).map(device => readPeer(device, 'device'))

  if (token === null && peers.length > 0) {
    throw new MalformedError('An invite without a token must not name devices')
  }

  return {
    v: 1,
    identity: identityId(readBytes(identity, 'identity', 32)),
    rec: readUint(rec, 'rec', MAX_SEQ),
    relays: readRelays(relays),
    ...(token === null ? {} : { token: readSecret(token, 'token') }),
    devices: peers,
    ...(name === null ? {} : { name: readText(name, 'name', MAX_NAME_BYTES) })
  }
}

function inviteMembers ({ identity, rec, relays, token, devices, name }: Invite): unknown[] {
  return [idBytes(identity), rec, relays.map(relayInfoValue), token ?? null, devices.map(peerKey), name ?? null]
}

/**
 * Makes an invite. Devices are left out of one that carries no token: whoever finds it could otherwise dial them.
 *
 * @throws {MalformedError | MalformedIdError | LimitExceededError} if a part goes over a limit or cannot be read again
 */
export function createInvite (init: Omit<Invite, 'v' | 'devices'> & { devices?: string[] }): Invite {
  const invite: Invite = { ...init, v: 1, devices: init.token == null ? [] : init.devices ?? [] }

  return readInvite(inviteMembers(invite))
}

/**
 * The text that goes after # of a link, and into a QR code.
 *
 * @throws {MalformedError | MalformedIdError | LimitExceededError}
 */
export function encodeInvite (invite: Invite): string {
  const members = inviteMembers(invite)

  readInvite(members)

  return encodeLink(INVITE, members)
}

/**
 * Reads an invite from a whole link, the part after #, or what somebody copied around it.
 *
 * @throws {EmptyLinkError | NotALinkError | LinkTooNewError | LinkCutShortError | LinkDamagedError} whose message is for the person
 */
export function decodeInvite (text: string): Invite {
  return decodeLink(INVITE, text, readInvite)
}
