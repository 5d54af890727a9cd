/**
 * Takes out of a picture what it tells besides the picture: where and when it was made, by what and whom, earlier versions, thumbnails.
 * Rules: specs/media.md [ME13] to [ME16].
 */
import { concat } from 'uint8arrays/concat'
import { UnsupportedImageError } from '../errors.ts'
import { jpegParts } from './jpeg.ts'
import { pngParts } from './png.ts'
import { webpParts } from './webp.ts'

/** The kinds that are told apart; only JPEG, PNG and WebP can be stripped */
export type ImageKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'heic' | 'avif'

const ISO_BRANDS: Record<string, ImageKind | undefined> = {
  heic: 'heic', heix: 'heic', hevc: 'heic', hevx: 'heic', heim: 'heic', heis: 'heic', mif1: 'heic', msf1: 'heic', avif: 'avif', avis: 'avif'
}

function ascii (bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}

/** By its first bytes, whatever its name says; undefined for everything else */
export function imageKind (bytes: Uint8Array): ImageKind | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) {
    return 'jpeg'
  }

  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') {
    return 'png'
  }

  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') {
    return 'webp'
  }

  if (ascii(bytes, 0, 4) === 'GIF8') {
    return 'gif'
  }

  if (ascii(bytes, 4, 8) === 'ftyp') {
    return ISO_BRANDS[ascii(bytes, 8, 12)]
  }

  return undefined
}

/** What is left of a picture */
export interface ImageParts {
  parts: Uint8Array[]
  /** Nothing had to be left out or changed */
  clean: boolean
}

function partsOf (bytes: Uint8Array): ImageParts {
  switch (imageKind(bytes)) {
    case 'jpeg':
      return jpegParts(bytes)
    case 'png':
      return pngParts(bytes)
    case 'webp':
      return webpParts(bytes)
    default:
      throw new UnsupportedImageError('Only JPEG, PNG and WebP pictures can be freed of hidden information: save it as one of these')
  }
}

/**
 * Whether there is anything that `stripImage` would take out.
 *
 * @throws {MalformedImageError | UnsupportedImageError}
 */
export function hasMetadata (bytes: Uint8Array): boolean {
  return !partsOf(bytes).clean
}

/**
 * The same picture, pixel by pixel, without anything else. What it was turned by (EXIF orientation) is lost: decode and encode it before.
 *
 * @throws {MalformedImageError | UnsupportedImageError}
 */
export function stripImage (bytes: Uint8Array): Uint8Array {
  const { parts, clean } = partsOf(bytes)

  return clean ? bytes : concat(parts)
}
