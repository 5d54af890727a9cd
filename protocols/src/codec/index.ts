/**
 * Canonical DAG-CBOR in both directions. Every byte that came from another peer or from disk goes through `decodeCanonical`.
 * Rules: specs/encoding.md.
 */
import * as dagCbor from '@ipld/dag-cbor'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_CBOR_DEPTH, MAX_CBOR_ITEMS } from '../limits.ts'
import { measure } from './measure.ts'

/** Encodes to the one canonical form */
export function encode (value: unknown): Uint8Array {
  return dagCbor.encode(value)
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
