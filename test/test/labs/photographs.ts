/** Photographs as cameras make them: with the place where they were taken, who took them, and more of that in a second notation. */
import { crc32 } from 'node:zlib'

/** Stands in every piece of metadata; must come out nowhere */
export const METADATA_CANARY = 'Canary Photographer'

const ASCII = 2
const LONG = 4
const RATIONAL = 5

interface Field { tag: number, type: number, count: number, value: Buffer }

function longs (...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)

  values.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i))

  return bytes
}

function ascii (tag: number, text: string): Field {
  return { tag, type: ASCII, count: text.length + 1, value: Buffer.from(`${text}\0`) }
}

function angle (tag: number, degrees: number, minutes: number, seconds: number): Field {
  return { tag, type: RATIONAL, count: 3, value: longs(degrees, 1, minutes, 1, seconds, 1) }
}

/** A directory of TIFF that begins at an offset; values of more than four bytes follow it */
function directory (offset: number, fields: Field[]): Buffer {
  const head = Buffer.alloc(2 + 12 * fields.length + 4)
  const values: Buffer[] = []
  let next = offset + head.length

  head.writeUInt16LE(fields.length)
  fields.forEach(({ tag, type, count, value }, i) => {
    const at = 2 + 12 * i

    head.writeUInt16LE(tag, at)
    head.writeUInt16LE(type, at + 2)
    head.writeUInt32LE(count, at + 4)

    if (value.length <= 4) {
      value.copy(head, at + 8)
    } else {
      head.writeUInt32LE(next, at + 8)
      values.push(value)
      next += value.length
    }
  })

  return Buffer.concat([head, ...values])
}

/** The Exif of a photograph: who took it, and where, in a directory of its own */
function exif (): Buffer {
  const HEADER_BYTES = 8
  const GPS_INFO = 0x8825
  const first = (gpsAt: number): Buffer => directory(HEADER_BYTES, [
    ascii(0x010f, 'Canary Camera'),
    ascii(0x013b, METADATA_CANARY),
    { tag: GPS_INFO, type: LONG, count: 1, value: longs(gpsAt) }
  ])
  const gpsAt = HEADER_BYTES + first(0).length
  const gps = directory(gpsAt, [ascii(1, 'N'), angle(2, 52, 30, 59), ascii(3, 'E'), angle(4, 13, 22, 40)])

  return Buffer.concat([Buffer.from('II*\0'), longs(HEADER_BYTES), first(gpsAt), gps])
}

function xmp (): Buffer {
  return Buffer.from(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,30.98N" exif:GPSLongitude="13,22.66E">${METADATA_CANARY}</rdf:Description></rdf:RDF></x:xmpmeta>`)
}

function segment (...data: Buffer[]): Buffer {
  const body = Buffer.concat(data)
  const head = Buffer.from([0xff, 0xe1, 0, 0])

  head.writeUInt16BE(body.length + 2, 2)

  return Buffer.concat([head, body])
}

/** @param bytes - a JPEG */
export function jpegOfCamera (bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 2), segment(Buffer.from('Exif\0\0'), exif()), segment(Buffer.from('http://ns.adobe.com/xap/1.0/\0'), xmp()), bytes.subarray(2)])
}

function pngChunk (type: string, data: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)])

  chunk.writeUInt32BE(data.length)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4)

  return chunk
}

/** @param bytes - a PNG */
export function pngOfCamera (bytes: Buffer): Buffer {
  const AFTER_HEADER = 33

  return Buffer.concat([bytes.subarray(0, AFTER_HEADER), pngChunk('eXIf', exif()), pngChunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0\0\0\0'), xmp()])), bytes.subarray(AFTER_HEADER)])
}

function riffChunk (type: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), longs(data.length), data, Buffer.alloc(data.length % 2)])
}

/** @param bytes - a WebP, as canvases write it */
export function webpOfCamera (bytes: Buffer, width: number, height: number): Buffer {
  const FIRST_CHUNK = 12
  const EXTENDED_BYTES = 18
  const HAS_EXIF_AND_XMP = 0x0c
  const isExtended = bytes.toString('latin1', FIRST_CHUNK, FIRST_CHUNK + 4) === 'VP8X'
  const extended = isExtended ? Buffer.from(bytes.subarray(FIRST_CHUNK + 8, FIRST_CHUNK + EXTENDED_BYTES)) : Buffer.alloc(10)

  extended[0] |= HAS_EXIF_AND_XMP
  extended.writeUIntLE(width - 1, 4, 3)
  extended.writeUIntLE(height - 1, 7, 3)

  const chunks = Buffer.concat([
    Buffer.from('WEBP'),
    riffChunk('VP8X', extended),
    bytes.subarray(isExtended ? FIRST_CHUNK + EXTENDED_BYTES : FIRST_CHUNK),
    riffChunk('EXIF', exif()),
    riffChunk('XMP ', xmp())
  ])

  return Buffer.concat([Buffer.from('RIFF'), longs(chunks.length), chunks])
}

/** The beginning of what newer phones take */
export function heicOfCamera (): Buffer {
  const brands = Buffer.from('ftypheic\0\0\0\0mif1heic')
  const length = Buffer.alloc(4)

  length.writeUInt32BE(brands.length + 4)

  return Buffer.concat([length, brands, Buffer.from('Exif\0\0'), exif(), Buffer.alloc(2_000)])
}
