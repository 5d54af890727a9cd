import { concat } from 'uint8arrays/concat'
import { MalformedImageError } from '../errors.ts'
import type { ImageParts } from './index.ts'

const HEAD_BYTES = 12
const CHUNK_HEAD_BYTES = 8
/** Before the chunks of one picture of an animation */
const FRAME_HEAD_BYTES = 16
const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF'])
const KEPT_IN_FRAME = new Set(['VP8 ', 'VP8L', 'ALPH'])
/** Alpha and animation; the flags of ICC profile, EXIF and XMP, and reserved ones, are cleared */
const KEPT_FLAGS = 0x12
const EXTENDED_BYTES = 10

interface Chunk {
  type: string
  data: Uint8Array
  /** Its padding is as it must be */
  clean: boolean
}

function * chunks (bytes: Uint8Array, start: number): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = start

  while (at < bytes.length) {
    if (at + CHUNK_HEAD_BYTES > bytes.length) {
      throw new MalformedImageError('The WebP picture is cut short')
    }

    const size = view.getUint32(at + 4, true)
    const begin = at + CHUNK_HEAD_BYTES
    const end = begin + size + size % 2

    if (end > bytes.length) {
      throw new MalformedImageError('The WebP picture is cut short')
    }

    yield {
      type: String.fromCharCode(...bytes.subarray(at, at + 4)),
      data: bytes.subarray(begin, begin + size),
      clean: size % 2 === 0 || bytes[end - 1] === 0
    }
    at = end
  }
}

function encodeChunk (type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHUNK_HEAD_BYTES + data.length + data.length % 2)
  bytes.set([...type].map(character => character.charCodeAt(0)))
  new DataView(bytes.buffer).setUint32(4, data.length, true)
  bytes.set(data, CHUNK_HEAD_BYTES)

  return bytes
}

function filtered (bytes: Uint8Array, start: number, kept: Set<string>): ImageParts & { types: Set<string> } {
  const parts: Uint8Array[] = []
  const types = new Set<string>()
  let clean = true

  for (const chunk of chunks(bytes, start)) {
    const { type } = chunk

    if (!kept.has(type)) {
      clean = false
      continue
    }

    const { data, clean: same } = filteredChunk(type, chunk.data)
    clean &&= same && chunk.clean
    types.add(type)
    parts.push(encodeChunk(type, data))
  }

  return { parts, clean, types }
}

function filteredChunk (type: string, data: Uint8Array): { data: Uint8Array, clean: boolean } {
  if (type === 'VP8X') {
    if (data.length !== EXTENDED_BYTES) {
      throw new MalformedImageError('The WebP picture is damaged')
    }

    const kept = data.slice()
    kept[0] &= KEPT_FLAGS
    kept.fill(0, 1, 4)

    return { data: kept, clean: kept.every((byte, i) => byte === data[i]) }
  }

  if (type === 'ANMF') {
    if (data.length < FRAME_HEAD_BYTES) {
      throw new MalformedImageError('The WebP picture is damaged')
    }

    const { parts, clean } = filtered(data, FRAME_HEAD_BYTES, KEPT_IN_FRAME)

    return { data: concat([data.subarray(0, FRAME_HEAD_BYTES), ...parts]), clean }
  }

  return { data, clean: true }
}

/** RFC 9649, section 2 */
export function webpParts (bytes: Uint8Array): ImageParts {
  const size = bytes.length < HEAD_BYTES ? 0 : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true)
  const end = 8 + size

  if (size < 4 || end > bytes.length) {
    throw new MalformedImageError('The WebP picture is cut short')
  }

  const { parts, clean, types } = filtered(bytes.subarray(0, end), HEAD_BYTES, KEPT)

  if (!['VP8 ', 'VP8L', 'ANMF'].some(type => types.has(type))) {
    throw new MalformedImageError('There is no picture in this WebP file')
  }

  const head = bytes.slice(0, HEAD_BYTES)
  new DataView(head.buffer).setUint32(4, parts.reduce((sum, { length }) => sum + length, 4), true)

  return { parts: [head, ...parts], clean: clean && end === bytes.length }
}
