/** Pictures as cameras and editors write them: with a place, a camera, a text in them. */
import { stripImage } from '@pergola/protocols/pictures'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

/** What must be found in nothing that comes out */
export const CANARY = 'CANARY-52.5163N-13.3777E'

const XMP = fromString(`<x:xmpmeta>${CANARY}</x:xmpmeta>`)

function tiffEntry (view: DataView, at: number, tag: number, type: number, count: number, value: number): void {
  view.setUint16(at, tag, true)
  view.setUint16(at + 2, type, true)
  view.setUint32(at + 4, count, true)
  view.setUint32(at + 8, value, true)
}

/** TIFF with the orientation, the name of a camera and a latitude */
function exif (orientation: number): Uint8Array {
  const bytes = new Uint8Array(200)
  const view = new DataView(bytes.buffer)
  const place = 100
  bytes.set(fromString('II*\0'))
  view.setUint32(4, 8, true)
  view.setUint16(8, 3, true)
  tiffEntry(view, 10, 0x0110, 2, CANARY.length, place)
  tiffEntry(view, 22, 0x0112, 3, 1, orientation)
  tiffEntry(view, 34, 0x8825, 4, 1, 50)
  view.setUint16(50, 2, true)
  tiffEntry(view, 52, 1, 2, 2, 0x4e)
  tiffEntry(view, 64, 2, 5, 3, 150)
  bytes.set(fromString(CANARY), place)
  ;[52, 1, 30, 1, 58, 1].forEach((value, i) => { view.setUint32(150 + 4 * i, value, true) })

  return bytes
}

function segment (marker: number, data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(0xff, marker, data.length + 2 >> 8, data.length + 2 & 0xff), data])
}

export function photo (jpeg: Uint8Array, orientation: number): Uint8Array {
  return concat([
    jpeg.subarray(0, 2),
    segment(0xe1, concat([fromString('Exif\0\0'), exif(orientation)])),
    segment(0xe1, concat([fromString('http://ns.adobe.com/xap/1.0/\0'), XMP])),
    segment(0xfe, fromString(CANARY)),
    jpeg.subarray(2),
    fromString(CANARY)
  ])
}

function crc32 (bytes: Uint8Array): number {
  let crc = -1

  for (const byte of bytes) {
    crc ^= byte

    for (let i = 0; i < 8; i++) {
      crc = crc >>> 1 ^ (crc & 1) * 0xedb88320
    }
  }

  return ~crc >>> 0
}

function pngChunk (type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(fromString(type), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))

  return bytes
}

const AFTER_PNG_HEADER = 33

export function screenshot (png: Uint8Array): Uint8Array {
  return concat([
    png.subarray(0, AFTER_PNG_HEADER),
    pngChunk('eXIf', exif(1)),
    pngChunk('tEXt', fromString(`Author\0${CANARY}`)),
    pngChunk('iTXt', fromString(`XML:com.adobe.xmp\0\0\0\0\0${CANARY}`)),
    png.subarray(AFTER_PNG_HEADER)
  ])
}

/** Says that it has so many pixels, and has none */
export function pngOfSize (width: number, height: number): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 2], 8)

  return concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), pngChunk('IHDR', header), pngChunk('IDAT', new Uint8Array()), pngChunk('IEND', new Uint8Array())])
}

function riffChunk (type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length + data.length % 2)
  bytes.set(fromString(type))
  new DataView(bytes.buffer).setUint32(4, data.length, true)
  bytes.set(data, 8)

  return bytes
}

const EXTENDED_BYTES = 18

export function edited (webp: Uint8Array, width: number, height: number): Uint8Array {
  const header = new Uint8Array(10)
  const view = new DataView(header.buffer)
  header[0] = 0x0c
  view.setUint16(4, width - 1, true)
  view.setUint16(7, height - 1, true)
  // browsers write a colour profile, and for it an extended header
  const plain = stripImage(webp)
  const picture = plain.subarray(12 + (plain[15] === 0x58 ? EXTENDED_BYTES : 0))
  const body = concat([fromString('WEBP'), riffChunk('VP8X', header), picture, riffChunk('EXIF', exif(1)), riffChunk('XMP ', XMP)])
  const head = new Uint8Array(8)
  head.set(fromString('RIFF'))
  new DataView(head.buffer).setUint32(4, body.length, true)

  return concat([head, body])
}

export function heic (): Uint8Array {
  return concat([Uint8Array.of(0, 0, 0, 24), fromString('ftypheic'), fromString(CANARY)])
}
