/**
 * Reads canonical CBOR piece by piece, for the few forms that come by the ten thousand. It accepts nothing that `decodeCanonical` would
 * refuse; whatever it does not accept goes to `decodeCanonical`, which names what is wrong.
 */

/** The piece is not what was expected, or not in its shortest form */
export const MISMATCH = -1

export class CborCursor {
  readonly bytes: Uint8Array
  at = 0

  constructor (bytes: Uint8Array) {
    this.bytes = bytes
  }

  get isAtEnd (): boolean {
    return this.at === this.bytes.length
  }

  /** The argument of an item of this major type, or MISMATCH */
  head (major: number): number {
    const { bytes } = this
    const initial = bytes[this.at]

    if (initial === undefined || initial >> 5 !== major) {
      return MISMATCH
    }

    const info = initial & 31

    if (info < 24) {
      this.at++

      return info
    }

    const length = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : info === 27 ? 8 : 0

    if (length === 0 || this.at + 1 + length > bytes.length) {
      return MISMATCH
    }

    let argument = 0

    for (let i = 1; i <= length; i++) {
      argument = argument * 256 + bytes[this.at + i]
    }

    const least = length === 1 ? 24 : length === 2 ? 0x100 : length === 4 ? 0x1_0000 : 0x1_0000_0000

    if (argument < least || !Number.isSafeInteger(argument)) {
      return MISMATCH
    }

    this.at += 1 + length

    return argument
  }

  /** A byte string of any length, or undefined */
  byteString (): Uint8Array | undefined {
    const length = this.head(2)

    if (length === MISMATCH || this.at + length > this.bytes.length) {
      return undefined
    }

    this.at += length

    return this.bytes.subarray(this.at - length, this.at)
  }

  /** Whether these very bytes come next; they are skipped */
  skip (expected: Uint8Array): boolean {
    const { bytes, at } = this

    if (at + expected.length > bytes.length) {
      return false
    }

    for (let i = 0; i < expected.length; i++) {
      if (bytes[at + i] !== expected[i]) {
        return false
      }
    }

    this.at += expected.length

    return true
  }

  /** The next bytes as they are, or undefined */
  take (length: number): Uint8Array | undefined {
    if (this.at + length > this.bytes.length) {
      return undefined
    }

    this.at += length

    return this.bytes.subarray(this.at - length, this.at)
  }
}

/** Writes the head of an item and says where its content begins */
export function writeHead (into: Uint8Array, at: number, major: number, argument: number): number {
  const high = major << 5

  if (argument < 24) {
    into[at] = high | argument

    return at + 1
  }

  const length = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : 4

  into[at] = high | (length === 1 ? 24 : length === 2 ? 25 : 26)

  for (let i = length, rest = argument; i > 0; i--) {
    into[at + i] = rest & 0xff
    rest = Math.floor(rest / 256)
  }

  return at + 1 + length
}

/** Bytes that the head of an item with this argument takes */
export function headLength (argument: number): number {
  return argument < 24 ? 1 : argument < 0x100 ? 2 : argument < 0x1_0000 ? 3 : 5
}
