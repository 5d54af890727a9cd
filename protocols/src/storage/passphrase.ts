/** From a passphrase to a key: argon2id (RFC 9106). Rules: specs/storage.md [ST42], [ST43]. */
import { readBytes, readMap, readUint } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { importAeadKey } from './aead.ts'
import { MAX_KDF_ITERATIONS, MAX_KDF_MEMORY_KIB, MAX_KDF_PARALLELISM, MAX_PASSPHRASE_BYTES, MIN_KDF_MEMORY_KIB } from './constants.ts'

export const SALT_BYTES = 16
export const CHECK_BYTES = 16
const KEY_BYTES = 32

/** What argon2id costs; it travels with what it protects */
export interface KdfCost {
  /** KiB */
  memory: number
  iterations: number
  parallelism: number
}

/** 64 MiB and three passes: a quarter of a second on a laptop */
export const DEFAULT_KDF_COST: KdfCost = { memory: 64 * 1024, iterations: 3, parallelism: 1 }

export interface PassphraseKey {
  key: CryptoKey
  /** Tells a wrong passphrase from a changed file; knowing it makes guessing no cheaper */
  check: Uint8Array
}

/**
 * @throws {MalformedError} if it is no cost
 * @throws {LimitExceededError} if it asks for more, or protects with less, than is allowed
 */
export function readKdfCost (value: unknown): KdfCost {
  const fields = readMap(value, 'The cost', ['memory', 'iterations', 'parallelism'])
  const cost = {
    memory: readUint(fields.memory, 'memory'),
    iterations: readUint(fields.iterations, 'iterations'),
    parallelism: readUint(fields.parallelism, 'parallelism')
  }

  if (cost.memory < MIN_KDF_MEMORY_KIB || cost.iterations < 1 || cost.parallelism < 1) {
    throw new LimitExceededError('The passphrase would be protected less than is allowed')
  }

  if (cost.memory > MAX_KDF_MEMORY_KIB || cost.iterations > MAX_KDF_ITERATIONS || cost.parallelism > MAX_KDF_PARALLELISM) {
    throw new LimitExceededError('Opening this would take more memory or time than is allowed')
  }

  return cost
}

/** @throws {LimitExceededError | MalformedError} if it is empty or too long */
export function passphraseBytes (passphrase: string): Uint8Array {
  // so that a letter with its accent is the same from every keyboard
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'))

  if (bytes.length === 0) {
    throw new MalformedError('Please type a passphrase')
  }

  if (bytes.length > MAX_PASSPHRASE_BYTES) {
    throw new LimitExceededError(`A passphrase may have ${MAX_PASSPHRASE_BYTES} bytes`)
  }

  return bytes
}

export async function keyFromPassphrase (passphrase: string, salt: Uint8Array, cost: KdfCost): Promise<PassphraseKey> {
  // only who makes or opens a backup loads it
  const { argon2id } = await import('hash-wasm')

  const derived = await argon2id({
    password: passphraseBytes(passphrase),
    salt: readBytes(salt, 'salt', SALT_BYTES),
    memorySize: cost.memory,
    iterations: cost.iterations,
    parallelism: cost.parallelism,
    hashLength: KEY_BYTES + CHECK_BYTES,
    outputType: 'binary'
  })

  try {
    return { key: await importAeadKey(derived.slice(0, KEY_BYTES)), check: derived.slice(KEY_BYTES) }
  } finally {
    derived.fill(0)
  }
}
