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
