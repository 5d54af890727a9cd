/** The text form that invites and pairing links share. Rules: specs/invite.md [IN1] to [IN7]. */
import { base64url } from 'multiformats/bases/base64'
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode, readArray, sameBytes } from '../codec/index.ts'
import { LimitExceededError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { MAX_LINK_CHARACTERS } from '../limits.ts'
import { CHECKSUM_BYTES, LINK_VERSION, MAX_LINK_MEMBERS } from './constants.ts'
import { EmptyLinkError, LinkCutShortError, LinkDamagedError, LinkTooNewError, NotALinkError } from './errors.ts'

const HEAD_BYTES = 4

export interface LinkKind {
  type: number
  /** As a person calls it */
  noun: string
  /** The same with its article */
  called: string
}

function checksum (bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, CHECKSUM_BYTES)
}

/** @throws {LimitExceededError} if the text would be longer than a link may be */
export function encodeLink (kind: LinkKind, members: unknown[]): string {
  const body = encode(members)
  const framed = concat([Uint8Array.of(kind.type, LINK_VERSION, body.length >>> 8, body.length & 255), body])
  const text = base64url.baseEncode(concat([framed, checksum(framed)]))

  if (body.length > 0xffff || text.length > MAX_LINK_CHARACTERS) {
    throw new LimitExceededError(`This ${kind.noun} is longer than ${MAX_LINK_CHARACTERS} characters: name fewer relays`)
  }

  return text
}

/** The text itself, out of a whole address, with whatever a mail or chat program put around it */
function pick (input: string, kind: LinkKind): string {
  const trimmed = input.trim()
  const at = trimmed.indexOf('#')

  if (trimmed === '' || at === trimmed.length - 1) {
    throw new EmptyLinkError(`There is no ${kind.noun} here: the part of the link after # is missing`)
  }

  if (at < 0 && /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    throw new EmptyLinkError(`There is no ${kind.noun} in this link: the part after # is missing`)
  }

  const [word] = trimmed.slice(at + 1).split(/[\s<>"'`)\]},;!?]/)

  return word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('='), word.lastIndexOf('&')) + 1).replace(/[.:*]+$/, '')
}

function decodeText (text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) {
    return undefined
  }

  try {
    return base64url.baseDecode(text)
  } catch {
    // what is left of a text that was cut is rarely whole bytes
    return base64url.baseDecode(text.slice(0, text.length - text.length % 4))
  }
}

/**
 * Reads the members of a link: a whole address, the part after #, or the bare text, with space around it. `read` turns them into what they
 * mean; whatever it throws means that the link is damaged.
 *
 * @throws {EmptyLinkError | NotALinkError | LinkTooNewError | LinkCutShortError | LinkDamagedError}
 */
export function decodeLink<T> (kind: LinkKind, input: string, read: (members: unknown[]) => T): T {
  const isTooLong = input.length > MAX_LINK_CHARACTERS * 2
  const text = isTooLong ? '' : pick(input, kind)
  const bytes = text.length > MAX_LINK_CHARACTERS ? undefined : decodeText(text)

  if (bytes == null || bytes[0] !== kind.type) {
    throw new NotALinkError(`This is not ${kind.called}`)
  }

  if (bytes.length > 1 && bytes[1] !== LINK_VERSION) {
    throw bytes[1] > LINK_VERSION
      ? new LinkTooNewError(`This ${kind.noun} was made by a newer version of the app: update, then open it again`)
      : new NotALinkError(`This is not ${kind.called}`)
  }

  const end = HEAD_BYTES + (bytes[2] << 8 | bytes[3])

  if (bytes.length < HEAD_BYTES || bytes.length < end + CHECKSUM_BYTES) {
    throw new LinkCutShortError(`This ${kind.noun} is cut short: copy the whole link`)
  }

  try {
    if (bytes.length !== end + CHECKSUM_BYTES || !sameBytes(checksum(bytes.subarray(0, end)), bytes.subarray(end))) {
      throw new LinkDamagedError('Wrong checksum')
    }

    return read(readArray(decodeCanonical(bytes.subarray(HEAD_BYTES, end), { maxBytes: MAX_LINK_CHARACTERS }), kind.noun, MAX_LINK_MEMBERS))
  } catch (err) {
    throw new LinkDamagedError(`This ${kind.noun} is damaged: copy the link again, or ask for a new one`, { cause: err })
  }
}
