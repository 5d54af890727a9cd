/** One relay, as a value inside other messages and as bytes of its own. Rules: specs/relay-info.md [RI1] to [RI10]. */
import { decodeCanonical, encode, readArray, readBytes, readText } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { addrFromBytes, addrToBytes, isDnsName } from './addr.ts'
import {
  MAX_ADDRS, MAX_PATH_CHARACTERS, MAX_RELAY_INFO_BYTES, MAX_RELAY_INFO_MEMBERS, MAX_RELAY_NAME_BYTES, MAX_STUN_CHARACTERS
} from './constants.ts'
import { peerKey, readPeer } from './peer.ts'
import type { RelayInfo } from './index.ts'

const PATH = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/
const IP4 = /^(\d{1,3}\.){3}\d{1,3}$/
const IP6 = /^\[[0-9a-f:.]{2,45}\]$/

function checkPath (path: string): string {
  if (path !== '' && !PATH.test(path)) {
    throw new MalformedError('The path of a relay may hold letters, digits and - . _ ~ and must not begin with a dot')
  }

  return path
}

function checkStun (stun: string): string {
  const at = stun.lastIndexOf(':')
  const host = stun.slice(0, at)
  const port = stun.slice(at + 1)
  const isHost = IP4.test(host) ? host.split('.').every(part => Number(part) < 256) : IP6.test(host) || isDnsName(host)

  if (at < 1 || !isHost || !/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) {
    throw new MalformedError('The STUN service of a relay must be host:port')
  }

  return stun
}

/**
 * What stands for a relay inside reach payloads, invites and contact cards, ready to be encoded: `[key, addrs, path, stun, name]`.
 *
 * @throws {MalformedError | MalformedIdError | LimitExceededError}
 */
export function relayInfoValue (info: RelayInfo): unknown[] {
  const value = [peerKey(info.peer), info.addrs.map(addrToBytes), info.path, info.stun ?? null, info.name ?? null]

  readRelayInfo(value)

  return value
}

/**
 * Reads a relay from a decoded value. Addresses that this version does not understand are left out.
 *
 * @throws {MalformedError | LimitExceededError}
 */
export function readRelayInfo (value: unknown): RelayInfo {
  const members = readArray(value, 'A relay', MAX_RELAY_INFO_MEMBERS)

  if (members.length < 5) {
    throw new MalformedError('A relay must have key, addresses, path, stun and name')
  }

  const [peer, addrs, path, stun, name] = members
  const known = readArray(addrs, 'addrs', MAX_ADDRS)
    .map(addr => addrFromBytes(readBytes(addr, 'addr')))
    .filter(addr => addr != null)

  if (known.length === 0) {
    throw new MalformedError('A relay has no address that is understood here')
  }

  return {
    peer: readPeer(peer, 'peer'),
    addrs: known,
    path: checkPath(readText(path, 'path', MAX_PATH_CHARACTERS)),
    ...(stun === null ? {} : { stun: checkStun(readText(stun, 'stun', MAX_STUN_CHARACTERS)) }),
    ...(name === null ? {} : { name: readText(name, 'name', MAX_RELAY_NAME_BYTES) })
  }
}

/** @throws {MalformedError | MalformedIdError | LimitExceededError} if it cannot be carried */
export function encodeRelayInfo (info: RelayInfo): Uint8Array {
  return encode(relayInfoValue(info))
}

/** @throws {MalformedError | LimitExceededError} */
export function decodeRelayInfo (bytes: Uint8Array): RelayInfo {
  return readRelayInfo(decodeCanonical(bytes, { maxBytes: MAX_RELAY_INFO_BYTES }))
}
