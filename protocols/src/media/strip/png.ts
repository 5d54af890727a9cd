import { MalformedImageError } from '../errors.ts'
import type { ImageParts } from './index.ts'

const SIGNATURE_BYTES = 8
/** Length, type and checksum */
const CHUNK_BYTES = 12
const CRITICAL = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND'])
/** Transparency and colour; those of a fixed length have no room for anything else */
const KEPT: Record<string, number | undefined> = { gAMA: 4, cHRM: 32, sRGB: 1 }
const MAX_TRANSPARENCY_BYTES = 256

function isKept (type: string, length: number): boolean {
  return CRITICAL.has(type) || KEPT[type] === length || (type === 'tRNS' && length <= MAX_TRANSPARENCY_BYTES)
}

/** PNG, third edition, section 5. An animation becomes its first picture */
export function pngParts (bytes: Uint8Array): ImageParts {
  const parts: Uint8Array[] = [bytes.subarray(0, SIGNATURE_BYTES)]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let clean = true
  let pictured = false
  let at = SIGNATURE_BYTES

  while (true) {
    if (at + CHUNK_BYTES > bytes.length) {
      throw new MalformedImageError('The PNG picture is cut short')
    }

    const length = view.getUint32(at)
    const end = at + CHUNK_BYTES + length

    if (end > bytes.length) {
      throw new MalformedImageError('The PNG picture is cut short')
    }

    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))

    if ((at === SIGNATURE_BYTES) !== (type === 'IHDR') || (type === 'IHDR' && length !== 13) || (type === 'IEND' && length !== 0)) {
      throw new MalformedImageError('The PNG picture is damaged')
    }

    if (isKept(type, length)) {
      parts.push(bytes.subarray(at, end))
    } else if ((bytes[at + 4] & 0x20) === 0) {
      // an upper-case first letter: a reader that does not know it must not go on
      throw new MalformedImageError('The PNG picture has a part of an unknown kind')
    } else {
      clean = false
    }

    pictured ||= type === 'IDAT'
    at = end

    if (type === 'IEND') {
      break
    }
  }

  if (!pictured) {
    throw new MalformedImageError('There is no picture in this PNG file')
  }

  return { parts, clean: clean && at === bytes.length }
}
