import { LimitExceededError, NotStartedError } from '../errors.ts'
import { MAX_STORE_KEY_BYTES } from './constants.ts'
import type { RangeOptions, StoreOp } from '../interface.ts'

/** @throws {LimitExceededError} unless the key has 1 to MAX_STORE_KEY_BYTES bytes */
export function checkKey (key: Uint8Array): void {
  if (key.length < 1 || key.length > MAX_STORE_KEY_BYTES) {
    throw new LimitExceededError(`A key must have 1 to ${MAX_STORE_KEY_BYTES} bytes, this one has ${key.length}`)
  }
}

/** @throws {LimitExceededError} unless every key has 1 to MAX_STORE_KEY_BYTES bytes */
export function checkOps (ops: StoreOp[]): void {
  for (const { key } of ops) {
    checkKey(key)
  }
}

/** A bound of no bytes is before every key: as an end it leaves nothing */
export function isEmptyRange ({ gte, lt, limit }: RangeOptions): boolean {
  if (limit != null && limit <= 0) {
    return true
  }

  return lt != null && compareKeys(gte ?? new Uint8Array(), lt) >= 0
}

/** Byte by byte; the shorter of two that begin alike is the lower */
export function compareKeys (a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)

  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) {
      return a[i] - b[i]
    }
  }

  return a.length - b.length
}

export function closedError (): NotStartedError {
  return new NotStartedError('The store is closed')
}
