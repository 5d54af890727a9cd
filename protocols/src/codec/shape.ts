/** Small readers that turn decoded, untyped values into typed ones, or say what is wrong with which field. */
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { LimitExceededError, MalformedError } from '../errors.ts'

export type Fields = Record<string, unknown>

const encoder = new TextEncoder()

/**
 * A map that has all the required fields and, besides them, only the optional ones.
 *
 * @throws {MalformedError} otherwise
 */
export function readMap (value: unknown, what: string, required: readonly string[], optional: readonly string[] = []): Fields {
  const fields = readOpenMap(value, what)

  for (const name of required) {
    if (!Object.hasOwn(fields, name)) {
      throw new MalformedError(`${what} lacks "${name}"`)
    }
  }

  for (const name of Object.keys(fields)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw new MalformedError(`${what} has an unknown field`)
    }
  }

  return fields
}

/** A map with any fields: for what later versions may extend */
export function readOpenMap (value: unknown, what: string): Fields {
  if (value == null || typeof value !== 'object' || Array.isArray(value) || value instanceof Uint8Array || CID.asCID(value) != null) {
    throw new MalformedError(`${what} must be a map`)
  }

  return value as Fields
}

export function readBytes (value: unknown, what: string, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array) || (length != null && value.length !== length)) {
    throw new MalformedError(`${what} must be ${length == null ? '' : `${length} `}bytes`)
  }

  return value
}

export function readUint (value: unknown, what: string, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || Object.is(value, -0) || value > max) {
    throw new MalformedError(`${what} must be a whole number from 0 to ${max}`)
  }

  return value
}

/** Text of at most so many bytes in UTF-8 */
export function readText (value: unknown, what: string, maxBytes: number): string {
  if (typeof value !== 'string') {
    throw new MalformedError(`${what} must be text`)
  }

  if (value.length > maxBytes || encoder.encode(value).length > maxBytes) {
    throw new LimitExceededError(`${what} is longer than ${maxBytes} bytes`)
  }

  return value
}

export function readArray (value: unknown, what: string, max: number): unknown[] {
  if (!Array.isArray(value)) {
    throw new MalformedError(`${what} must be an array`)
  }

  if (value.length > max) {
    throw new LimitExceededError(`${what} has more than ${max} members`)
  }

  return value
}

export function readBoolean (value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') {
    throw new MalformedError(`${what} must be true or false`)
  }

  return value
}

export function readCid (value: unknown, what: string): CID {
  const cid = CID.asCID(value)

  if (cid == null) {
    throw new MalformedError(`${what} must be a link`)
  }

  // the library keeps numbers in a multihash as long as they were written
  if (!Digest.equals(cid.multihash, Digest.create(cid.multihash.code, cid.multihash.digest))) {
    throw new MalformedError(`${what} is not in its shortest form`)
  }

  return cid
}
