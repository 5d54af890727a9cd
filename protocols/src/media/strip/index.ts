/**
 * Takes out of a picture what it tells besides the picture: where and when it was made, by what and whom, earlier versions, thumbnails.
 * Rules: specs/media.md [ME13] to [ME16].
 */
import { concat } from 'uint8arrays/concat'
import { UnsupportedImageError } from '../errors.ts'
import { jpegParts } from './jpeg.ts'
import { imageKind } from './kind.ts'
import { pngParts } from './png.ts'
import { webpParts } from './webp.ts'

export { MalformedImageError, UnsupportedImageError } from '../errors.ts'
export { imageKind } from './kind.ts'
export type { ImageKind } from './kind.ts'
export { imageSize } from './size.ts'
export type { ImageSize } from './size.ts'

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
