import { imageKind } from './kind.ts'

export interface ImageSize {
  width: number
  height: number
}

const SOS = 0xda
const EOI = 0xd9
/** Markers between 0xc0 and 0xcf that begin no frame */
const NO_FRAME = new Set([0xc4, 0xc8, 0xcc])

function jpegSize (view: DataView): ImageSize | undefined {
  let at = 2

  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)

    if (marker === 0xff) {
      at++
      continue
    }

    if (marker === SOS || marker === EOI) {
      return undefined
    }

    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.has(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    }

    at += 2 + view.getUint16(at + 2)
  }

  return undefined
}

function uint24 (view: DataView, at: number): number {
  return view.getUint16(at, true) | view.getUint8(at + 2) << 16
}

function webpSize (view: DataView): ImageSize | undefined {
  if (view.byteLength < 30) {
    return undefined
  }

  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 }
    case 0x5650384c: { // VP8L
      const bits = view.getUint32(21, true)

      return { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 }
    }
    case 0x56503820: // VP8 and a space
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    default:
      return undefined
  }
}

/**
 * What a JPEG, PNG, WebP or GIF picture says its size is, in pixels before it is turned: known before it is decoded, because a small file can be a picture
 * that fills the memory. The beginning of the file is enough. Undefined for other kinds and where it says nothing.
 */
export function imageSize (bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

  switch (imageKind(bytes)) {
    case 'jpeg':
      return jpegSize(view)
    case 'png':
      return view.byteLength < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) }
    case 'webp':
      return webpSize(view)
    case 'gif':
      return view.byteLength < 10 ? undefined : { width: view.getUint16(6, true), height: view.getUint16(8, true) }
    default:
      return undefined
  }
}
