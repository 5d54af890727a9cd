import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

/** What must be found in no stripped picture */
export const CANARY = 'CANARY-52.5163,13.3777'

const canary = fromString(CANARY)

function segment (marker: number, data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(0xff, marker, data.length + 2 >> 8, data.length + 2 & 0xff), data])
}

function text (value: string): Uint8Array {
  return fromString(value)
}

const JFIF = segment(0xe0, concat([text('JFIF\0'), Uint8Array.of(1, 2, 0, 0, 1, 0, 1, 0, 0)]))
const ADOBE = segment(0xee, concat([text('Adobe'), Uint8Array.of(0, 100, 0, 0, 0, 0, 1)]))
const TABLES = concat([segment(0xdb, new Uint8Array(65)), segment(0xc0, new Uint8Array(9)), segment(0xc4, new Uint8Array(20))])
const SCAN = concat([segment(0xda, new Uint8Array(6)), Uint8Array.of(1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 5)])
const SECOND_SCAN = concat([segment(0xc4, new Uint8Array(20)), SCAN])

export const CLEAN_JPEG = concat([Uint8Array.of(0xff, 0xd8), JFIF, ADOBE, TABLES, SCAN, SECOND_SCAN, Uint8Array.of(0xff, 0xd9)])

/** The clean picture, and in it everything that can be in one besides */
export const FULL_JPEG = concat([
  Uint8Array.of(0xff, 0xd8),
  // a thumbnail of 2 × 4 pixels
  segment(0xe0, concat([text('JFIF\0'), Uint8Array.of(1, 2, 0, 0, 1, 0, 1, 2, 4), canary, new Uint8Array(2)])),
  segment(0xe0, concat([text('JFXX\0'), canary])),
  segment(0xe1, concat([text('Exif\0\0'), canary])),
  segment(0xe1, concat([text('http://ns.adobe.com/xap/1.0/\0'), canary])),
  segment(0xe2, concat([text('ICC_PROFILE\0'), canary])),
  segment(0xe2, concat([text('MPF\0'), canary])),
  segment(0xed, concat([text('Photoshop 3.0\0'), canary])),
  segment(0xee, concat([text('Adobe'), Uint8Array.of(0, 100, 0, 0, 0, 0, 1), canary])),
  segment(0xef, canary),
  segment(0xfe, canary),
  TABLES,
  SCAN,
  segment(0xfe, canary),
  SECOND_SCAN,
  Uint8Array.of(0xff, 0xd9),
  canary
])

function chunk (type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length)
  new DataView(bytes.buffer).setUint32(0, data.length)
  bytes.set(text(type), 4)
  bytes.set(data, 8)

  return bytes
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const IHDR = chunk('IHDR', new Uint8Array(13).fill(1))
const COLOUR = concat([chunk('gAMA', new Uint8Array(4)), chunk('cHRM', new Uint8Array(32)), chunk('sRGB', new Uint8Array(1)), chunk('PLTE', new Uint8Array(6)), chunk('tRNS', new Uint8Array(2))])
const IDAT = chunk('IDAT', new Uint8Array(30).fill(7))
const IEND = chunk('IEND', new Uint8Array())

export const CLEAN_PNG = concat([SIGNATURE, IHDR, COLOUR, IDAT, IDAT, IEND])

export const FULL_PNG = concat([
  SIGNATURE, IHDR, chunk('sRGB', canary), COLOUR,
  ...['tEXt', 'zTXt', 'iTXt', 'tIME', 'eXIf', 'iCCP', 'pHYs', 'sBIT', 'bKGD', 'prVt', 'acTL', 'fdAT', 'caBX'].map(type => chunk(type, canary)),
  IDAT, chunk('tEXt', canary), IDAT, IEND, canary
])

function riffChunk (type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length + data.length % 2)
  bytes.set(text(type))
  new DataView(bytes.buffer).setUint32(4, data.length, true)
  bytes.set(data, 8)

  return bytes
}

function riff (...chunks: Uint8Array[]): Uint8Array {
  const body = concat([text('WEBP'), ...chunks])
  const head = new Uint8Array(8)
  head.set(text('RIFF'))
  new DataView(head.buffer).setUint32(4, body.length, true)

  return concat([head, body])
}

const VP8 = riffChunk('VP8 ', new Uint8Array(21).fill(3))
const ALPHA = riffChunk('ALPH', new Uint8Array(5))
const ANIM = riffChunk('ANIM', new Uint8Array(6))

function extended (flags: number): Uint8Array {
  return riffChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, 9, 0, 0, 9, 0, 0))
}

export const CLEAN_WEBP = riff(extended(0x12), ANIM, riffChunk('ANMF', concat([new Uint8Array(16), ALPHA, VP8])))
export const SIMPLE_WEBP = riff(VP8)

export const FULL_WEBP = concat([
  riff(
    extended(0x3e), riffChunk('ICCP', canary), ANIM,
    riffChunk('ANMF', concat([new Uint8Array(16), ALPHA, riffChunk('unkn', canary), VP8])),
    riffChunk('EXIF', canary), riffChunk('XMP ', canary), riffChunk('C2PA', canary)
  ),
  canary
])
