import { MalformedError } from '../../errors.ts'
import { roundUp } from './padding.ts'

/** Numbers are big-endian, of up to 6 bytes */
export class ByteWriter {
  readonly #buffer: Uint8Array
  #at = 0

  constructor (length: number) {
    this.#buffer = new Uint8Array(length)
  }

  uint (value: number, size: number): void {
    for (let i = size - 1, rest = value; i >= 0; i--) {
      this.#buffer[this.#at + i] = rest % 256
      rest = Math.floor(rest / 256)
    }

    this.#at += size
  }

  bytes (bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** All of it, with zeros where nothing was written */
  whole (): Uint8Array {
    return this.#buffer
  }

  /** What was written, and zeros up to a multiple of a step; there must be room for them */
  padded (step: number): Uint8Array {
    return this.#buffer.subarray(0, roundUp(this.#at, step))
  }
}

export class ByteReader {
  readonly #buffer: Uint8Array
  #at = 0

  constructor (bytes: Uint8Array) {
    this.#buffer = bytes
  }

  uint (size: number): number {
    this.#check(size)

    let value = 0

    for (let i = 0; i < size; i++) {
      value = value * 256 + this.#buffer[this.#at++]
    }

    return value
  }

  /** A view */
  bytes (length: number): Uint8Array {
    this.#check(length)
    this.#at += length

    return this.#buffer.subarray(this.#at - length, this.#at)
  }

  #check (length: number): void {
    if (length > this.#buffer.length - this.#at) {
      throw new MalformedError('Bytes are missing')
    }
  }
}
