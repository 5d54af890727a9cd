/** References to files inside payloads. Rules: specs/wall.md [WA10] to [WA13]. */
import { readArray, readBytes, readCid, readOpenMap, readText, readUint } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_ALT_BYTES, MAX_POST_IMAGES } from '../limits.ts'
import { MAX_BLUR_BYTES, MAX_IMAGE_SIDE, MAX_MEDIA_BYTES, MAX_MEDIA_TYPE_CHARACTERS } from './constants.ts'
import type { ImageRef, MediaRef } from './index.ts'
import type { CID } from 'multiformats/cid'

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/
const SHA_256 = 0x12
const RAW = 0x55
const DAG_PB = 0x70

function readRoot (value: unknown): CID {
  const cid = readCid(value, 'cid')

  if (cid.version !== 1 || (cid.code !== RAW && cid.code !== DAG_PB) || cid.multihash.code !== SHA_256 || cid.multihash.digest.length !== 32) {
    throw new MalformedError('A file must be a version 1 raw or dag-pb sha2-256 CID')
  }

  return cid
}

function readSide (value: unknown, what: string): number {
  const side = readUint(value, what, MAX_IMAGE_SIDE)

  if (side === 0) {
    throw new MalformedError(`${what} must not be 0`)
  }

  return side
}

function readMedia (value: unknown, what: string): MediaRef {
  const { cid, size, type, width, height } = readOpenMap(value, what)
  const mediaType = readText(type, 'type', MAX_MEDIA_TYPE_CHARACTERS)

  if (!MEDIA_TYPE.test(mediaType)) {
    throw new MalformedError('type must be a media type in lower case')
  }

  return {
    cid: readRoot(cid),
    size: readUint(size, 'size', MAX_MEDIA_BYTES),
    type: mediaType,
    width: readSide(width, 'width'),
    height: readSide(height, 'height')
  }
}

/** @throws {MalformedError | LimitExceededError} */
export function readImage (value: unknown): ImageRef {
  const { small, large, blur, alt } = readOpenMap(value, 'An image')
  const placeholder = readBytes(blur, 'blur')

  if (placeholder.length > MAX_BLUR_BYTES) {
    throw new LimitExceededError(`blur is longer than ${MAX_BLUR_BYTES} bytes`)
  }

  return {
    small: readMedia(small, 'small'),
    large: readMedia(large, 'large'),
    blur: placeholder,
    alt: readText(alt, 'alt', MAX_ALT_BYTES)
  }
}

/** @throws {MalformedError | LimitExceededError} */
export function readImages (value: unknown): ImageRef[] {
  return readArray(value, 'images', MAX_POST_IMAGES).map(readImage)
}

function mediaValue ({ cid, size, type, width, height }: MediaRef): Record<string, unknown> {
  return { cid, size, type, width, height }
}

/** What stands for an image in a payload; nothing but the known fields */
export function imageValue ({ small, large, blur, alt }: ImageRef): Record<string, unknown> {
  return { small: mediaValue(small), large: mediaValue(large), blur, alt }
}
