/** Payload bytes in both directions. Rules: specs/wall.md [WA1] to [WA19]. */
import { decodeCanonical, encode, readArray, readBytes, readCid, readOpenMap, readText } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { entryCid, entryIdFromCid } from '../ids.ts'
import { MAX_BIO_BYTES, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES, MAX_POST_TEXT_BYTES, MAX_RELAYS } from '../limits.ts'
import { readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { MAX_AFTER, MAX_KIND_BYTES, MAX_LANG_CHARACTERS, MAX_WARNING_BYTES, SALT_BYTES } from './constants.ts'
import { imageValue, readImage, readImages } from './media-fields.ts'
import type { Fields } from '../codec/index.ts'
import type { EntryId } from '../ids.ts'
import type { Random } from '../interface.ts'
import type { Payload, PostContent } from './index.ts'

const LANG = /^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$/

function readLang (value: unknown): string {
  const lang = readText(value, 'lang', MAX_LANG_CHARACTERS)

  if (!LANG.test(lang)) {
    throw new MalformedError('lang must be a language tag')
  }

  return lang
}

function readContent (fields: Fields): PostContent {
  return {
    text: readText(fields.text, 'text', MAX_POST_TEXT_BYTES),
    ...(Object.hasOwn(fields, 'lang') ? { lang: readLang(fields.lang) } : {}),
    ...(Object.hasOwn(fields, 'warning') ? { warning: readText(fields.warning, 'warning', MAX_WARNING_BYTES) } : {}),
    ...(Object.hasOwn(fields, 'images') ? { images: readImages(fields.images) } : {})
  }
}

function readLink (value: unknown, what: string): EntryId {
  return entryIdFromCid(readCid(value, what))
}

function readAfter (fields: Fields): EntryId[] {
  return readArray(fields.after, 'after', MAX_AFTER).map(link => readLink(link, 'after'))
}

function readName (value: unknown): string {
  const name = readText(value, 'name', MAX_NAME_BYTES)

  if (name === '') {
    throw new MalformedError('name must not be empty')
  }

  return name
}

function readPayload (fields: Fields): Payload {
  const kind = readText(fields.kind, 'kind', MAX_KIND_BYTES)

  switch (kind) {
    case 'post':
      return { kind, ...readContent(fields) }
    case 'edit':
      return { kind, of: readLink(fields.of, 'of'), after: readAfter(fields), ...readContent(fields) }
    case 'tombstone':
      return { kind, of: readLink(fields.of, 'of') }
    case 'profile':
      return {
        kind,
        name: readName(fields.name),
        ...(Object.hasOwn(fields, 'bio') ? { bio: readText(fields.bio, 'bio', MAX_BIO_BYTES) } : {}),
        ...(Object.hasOwn(fields, 'avatar') ? { avatar: readImage(fields.avatar) } : {}),
        after: readAfter(fields)
      }
    case 'reach':
      return { kind, relays: readArray(fields.relays, 'relays', MAX_RELAYS).map(readRelayInfo), after: readAfter(fields) }
    default:
      return { kind: 'unknown', name: kind }
  }
}

/**
 * Reads a public payload, or a sealed one that was opened. Fields that this version does not know are ignored.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError} if it is not what specs/wall.md says
 */
export function decodePayload (bytes: Uint8Array): Payload {
  const fields = readOpenMap(decodeCanonical(bytes, { maxBytes: MAX_PAYLOAD_BYTES }), 'A payload')

  readBytes(fields.salt, 'salt', SALT_BYTES)

  return readPayload(fields)
}

function contentFields ({ text, lang, warning, images }: PostContent): Fields {
  return {
    text,
    ...(lang == null ? {} : { lang }),
    ...(warning == null ? {} : { warning }),
    ...(images == null ? {} : { images: images.map(imageValue) })
  }
}

function payloadFields (payload: Payload): Fields {
  switch (payload.kind) {
    case 'post':
      return contentFields(payload)
    case 'edit':
      return { of: entryCid(payload.of), after: payload.after.map(entryCid), ...contentFields(payload) }
    case 'tombstone':
      return { of: entryCid(payload.of) }
    case 'profile':
      return {
        name: payload.name,
        ...(payload.bio == null ? {} : { bio: payload.bio }),
        ...(payload.avatar == null ? {} : { avatar: imageValue(payload.avatar) }),
        after: payload.after.map(entryCid)
      }
    case 'reach':
      return { relays: payload.relays.map(relayInfoValue), after: payload.after.map(entryCid) }
    default:
      throw new MalformedError(`A payload of the unknown kind "${payload.name}" cannot be made here`)
  }
}

/**
 * The canonical bytes of a payload, with fresh salt.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError} if it goes over a limit or could not be read again
 */
export function encodePayload (payload: Payload, random: Random): Uint8Array {
  const bytes = encode({ kind: payload.kind, salt: random.bytes(SALT_BYTES), ...payloadFields(payload) })

  decodePayload(bytes)

  return bytes
}
