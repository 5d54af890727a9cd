import { equals } from 'uint8arrays/equals'
import { MalformedImageError } from '../errors.ts'
import type { ImageParts } from './index.ts'

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const COM = 0xfe
const APP0 = 0xe0
const APP14 = 0xee
const APP15 = 0xef
const RST0 = 0xd0
const RST7 = 0xd7
/** Tables, frames and what belongs to scans: without them there is no picture */
const KEPT = new Set([0xdb, 0xc4, 0xcc, 0xdd, 0xdc, 0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])

/** Length field, `JFIF\0`, version, density, and a thumbnail of 0 × 0 */
const JFIF_BYTES = 16
/** Length field, `Adobe`, version, flags, colour transform */
const ADOBE_BYTES = 14

function startsWith (bytes: Uint8Array, start: number, text: string): boolean {
  return [...text].every((character, i) => bytes[start + i] === character.charCodeAt(0))
}

function cut (): MalformedImageError {
  return new MalformedImageError('The JPEG picture is cut short or damaged')
}

/** What is kept of an application segment that starts at its length field: colour is wrong without it */
function keptOfApp (bytes: Uint8Array, marker: number, start: number, length: number): Uint8Array | undefined {
  if (marker === APP0 && length >= JFIF_BYTES && startsWith(bytes, start + 2, 'JFIF\0')) {
    const kept = bytes.slice(start, start + JFIF_BYTES)
    kept.set([0, JFIF_BYTES])
    kept.set([0, 0], JFIF_BYTES - 2)

    return kept
  }

  if (marker === APP14 && length >= ADOBE_BYTES && startsWith(bytes, start + 2, 'Adobe')) {
    const kept = bytes.slice(start, start + ADOBE_BYTES)
    kept.set([0, ADOBE_BYTES])

    return kept
  }

  return undefined
}

/** The end of entropy-coded data: the next marker that is neither a stuffed 0xff nor a restart */
function endOfScan (bytes: Uint8Array, start: number): number {
  for (let i = bytes.indexOf(0xff, start); i !== -1; i = bytes.indexOf(0xff, i + 1)) {
    const next = bytes[i + 1]

    if (next !== 0 && next !== 0xff && !(next >= RST0 && next <= RST7)) {
      return i
    }
  }

  throw cut()
}

/** ITU-T T.81, annex B */
export function jpegParts (bytes: Uint8Array): ImageParts {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, SOI)]
  let clean = true
  let scans = 0
  let at = 2

  while (true) {
    if (bytes[at] !== 0xff) {
      throw cut()
    }

    const begin = at

    // a marker may be preceded by any number of fill bytes
    while (bytes[at] === 0xff) {
      at++
    }

    clean &&= at === begin + 1
    const marker = bytes[at++]

    if (marker === EOI) {
      break
    }

    const length = bytes[at] << 8 | bytes[at + 1]

    if (at + 2 > bytes.length || length < 2 || at + length > bytes.length) {
      throw cut()
    }

    if (marker === SOS) {
      const end = endOfScan(bytes, at + length)
      parts.push(Uint8Array.of(0xff, SOS), bytes.subarray(at, end))
      scans++
      at = end
      continue
    }

    if (marker >= APP0 && marker <= APP15) {
      const kept = keptOfApp(bytes, marker, at, length)
      clean &&= kept != null && equals(kept, bytes.subarray(at, at + length))

      if (kept != null) {
        parts.push(Uint8Array.of(0xff, marker), kept)
      }
    } else if (KEPT.has(marker)) {
      parts.push(Uint8Array.of(0xff, marker), bytes.subarray(at, at + length))
    } else if (marker === COM) {
      clean = false
    } else {
      throw new MalformedImageError('The JPEG picture has a part of an unknown kind')
    }

    at += length
  }

  if (scans === 0) {
    throw new MalformedImageError('There is no picture in this JPEG file')
  }

  parts.push(Uint8Array.of(0xff, EOI))

  return { parts, clean: clean && at === bytes.length }
}
