/** What two people, or one with two devices, compare to know that nobody stands between them. Rules: specs/identity.md [ID43] to [ID46]. */
import { sha512 } from '@noble/hashes/sha2.js'
import { decodeCanonical, encode, readArray, readBytes, readUint } from '../codec/index.ts'
import { fromBase64url, toBase64url } from '../codec/text.ts'
import { MalformedError, UnknownVersionError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { deviceId, idBytes, identityId } from '../ids.ts'
import type { DeviceId, IdentityId } from '../ids.ts'

const PEOPLE_DOMAIN = 'pergola/safety-number/1'
const DEVICES_DOMAIN = 'pergola/device-number/1'
const VERSION = 1
const GROUPS = 12
const GROUP_BYTES = 5
const GROUP_DIGITS = 5
/** A code for devices has 139 */
export const MAX_SAFETY_CODE_CHARACTERS = 200

/** As the one who compares believes it to be: another person, or another device of one's own */
export type SafetySubject =
  | { own: IdentityId, other: IdentityId }
  | { identity: IdentityId, own: DeviceId, other: DeviceId }

function ascending (a: Uint8Array, b: Uint8Array): Uint8Array[] {
  const at = a.findIndex((byte, i) => byte !== b[i])

  return at < 0 || a[at] < b[at] ? [a, b] : [b, a]
}

/** 60 digits in twelve groups with a space between them; both sides have the same */
export function safetyNumber (subject: SafetySubject): string {
  const keys = ascending(idBytes(subject.own), idBytes(subject.other))
  const digest = sha512('identity' in subject ? withDomain(DEVICES_DOMAIN, idBytes(subject.identity), ...keys) : withDomain(PEOPLE_DOMAIN, ...keys))

  return Array.from({ length: GROUPS }, (_, group) => {
    const number = digest.subarray(group * GROUP_BYTES, (group + 1) * GROUP_BYTES).reduce((sum, byte) => sum * 256 + byte, 0)

    return String(number % 10 ** GROUP_DIGITS).padStart(GROUP_DIGITS, '0')
  }).join(' ')
}

/** Text of the QR code that one's own screen shows */
export function encodeSafetyCode (subject: SafetySubject): string {
  const keys = [idBytes(subject.own), idBytes(subject.other)]

  return toBase64url(encode([VERSION, ...keys, ...'identity' in subject ? [idBytes(subject.identity)] : []]))
}

function readSafetyCode (text: string): SafetySubject {
  const [version, own, other, identity] = readArray(decodeCanonical(fromBase64url(text), { maxBytes: MAX_SAFETY_CODE_CHARACTERS }), 'A safety code', 4)

  if (readUint(version, 'version') !== VERSION) {
    throw new UnknownVersionError('This code was made by a newer version: update, and compare again')
  }

  const [mine, theirs] = [readBytes(own, 'own', 32), readBytes(other, 'other', 32)]

  return identity === undefined
    ? { own: identityId(mine), other: identityId(theirs) }
    : { identity: identityId(readBytes(identity, 'identity', 32)), own: deviceId(mine), other: deviceId(theirs) }
}

function readScanned (scanned: string): SafetySubject {
  const text = scanned.trim()

  try {
    return readSafetyCode(text.length > MAX_SAFETY_CODE_CHARACTERS ? '' : text)
  } catch (err) {
    throw err instanceof UnknownVersionError ? err : new MalformedError('This is another kind of code: scan the one beside the number on the other screen', { cause: err })
  }
}

/**
 * Whether the code on the other screen says what is believed here: that side's own key is the one known here, and the key it knows is one's own.
 *
 * @throws {MalformedError} if it is no such code at all
 * @throws {UnknownVersionError} if a later version made it
 */
export function isSameSafety (scanned: string, believed: SafetySubject): boolean {
  const shown = readScanned(scanned)
  const about = (subject: SafetySubject): IdentityId | undefined => 'identity' in subject ? subject.identity : undefined

  return shown.own === believed.other && shown.other === believed.own && about(shown) === about(believed)
}
