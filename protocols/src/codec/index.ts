/**
 * Canonical DAG-CBOR in both directions. Every byte that came from another peer or from disk goes through `decodeCanonical`.
 * Rules: specs/encoding.md.
 */
import * as dagCbor from '@ipld/dag-cbor'
import { encode as encodeCbor } from 'cborg'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_CBOR_DEPTH, MAX_CBOR_ITEMS } from '../limits.ts'
import { measure } from './measure.ts'

const BYTE_ORDER_MARK = 0xfeff

/** Such text would not be the same after decoding, so that nobody could take what holds it */
function checkText (text: string): null {
  if (text.charCodeAt(0) === BYTE_ORDER_MARK || !text.isWellFormed()) {
    throw new MalformedError('Text must not begin with a byte order mark or hold half a character')
  }

  return null
}

const encodeOptions = {
  ...dagCbor.encodeOptions,
  typeEncoders: { ...dagCbor.encodeOptions.typeEncoders, string: checkText }
}

/**
 * Encodes to the one canonical form.
 *
 * @throws {MalformedError} if there is text that `cleanText` would change
 */
export function encode (value: unknown): Uint8Array {
  return encodeCbor(value, encodeOptions)
}

/** What a person typed or pasted, as it can be encoded: without a byte order mark at its beginning and halves of characters */
export function cleanText (text: string): string {
  return text.replace(/^\ufeff+/, '').toWellFormed()
}

export interface DecodeLimits {
  /** Longest input, in bytes */
  maxBytes: number
  /** @default MAX_CBOR_DEPTH */
  maxDepth?: number
  /** @default MAX_CBOR_ITEMS */
  maxItems?: number
}

function sameBytes (a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) {
    return false
  }

  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) {
      return false
    }
  }

  return true
}

/**
 * Decodes bytes that must be the canonical encoding of what they mean.
 *
 * @throws {LimitExceededError} if they are longer, deeper or hold more items than allowed
 * @throws {MalformedError} if they are not canonical DAG-CBOR
 */
export function decodeCanonical (bytes: Uint8Array, limits: DecodeLimits): unknown {
  if (bytes.length > limits.maxBytes) {
    throw new LimitExceededError(`${bytes.length} bytes are more than the ${limits.maxBytes} allowed`)
  }

  measure(bytes, limits.maxDepth ?? MAX_CBOR_DEPTH, limits.maxItems ?? MAX_CBOR_ITEMS)

  let value: unknown
  let again: Uint8Array

  try {
    value = dagCbor.decode(bytes)
    again = dagCbor.encode(value)
  } catch (err) {
    throw new MalformedError('Not DAG-CBOR', { cause: err })
  }

  if (!sameBytes(bytes, again)) {
    throw new MalformedError('Not the canonical encoding of its content')
  }

  return value
}

export { sameBytes }
export * from './shape.ts'
