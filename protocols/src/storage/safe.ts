/** Small secrets at rest: root entropy, transport key, device seeds. Rules: specs/storage.md [ST30] to [ST35]. */
import { concat } from 'uint8arrays/concat'
import { LimitExceededError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { systemRandom } from '../interface.ts'
import { importAeadKey, openAead, sealAead } from './aead.ts'
import { MAX_SECRET_BYTES } from './constants.ts'
import { SecretUnreadableError } from './errors.ts'
import type { Random, Store } from '../interface.ts'

/** Length of the key of a safe, where it is kept as bytes */
export const SAFE_KEY_BYTES = 32

const SAFE_DOMAIN = 'pergola/safe/1'
const RECORD_VERSION = 1

const encoder = new TextEncoder()

/**
 * A new key that no script can read. Structured cloning keeps it in IndexedDB, from where only the same origin gets to use it.
 */
export async function createSafeKey (): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: SAFE_KEY_BYTES * 8 }, false, ['encrypt', 'decrypt'])
}

/** The key of a safe from its 32 bytes: on Node they are in a file that only its owner can read */
export async function importSafeKey (bytes: Uint8Array): Promise<CryptoKey> {
  if (bytes.length !== SAFE_KEY_BYTES) {
    throw new SecretUnreadableError(`The key file must have ${SAFE_KEY_BYTES} bytes: restore it from where you keep a copy`)
  }

  return importAeadKey(bytes)
}

export interface SafeInit {
  /** Where the sealed secrets are kept; a prefixStore as a rule */
  store: Store
  /** From createSafeKey or importSafeKey */
  key: CryptoKey
  /** @default systemRandom */
  random?: Random
}

/** Secrets by name. A secret opens only under the name it was put under */
export interface Safe {
  /** @throws {SecretUnreadableError} if there is something that does not open */
  get (name: string): Promise<Uint8Array | undefined>
  /** Resolves once a power cut cannot undo it */
  put (name: string, secret: Uint8Array): Promise<void>
  delete (name: string): Promise<void>
}

export function safe ({ store, key, random = systemRandom }: SafeInit): Safe {
  const aad = (name: string): Uint8Array => withDomain(SAFE_DOMAIN, Uint8Array.of(RECORD_VERSION), encoder.encode(name))

  return {
    async get (name) {
      const record = await store.get(encoder.encode(name))

      if (record == null) {
        return undefined
      }

      if (record[0] !== RECORD_VERSION) {
        throw new SecretUnreadableError('This secret was kept by a later version: use that one')
      }

      const secret = await openAead(key, record.subarray(1), aad(name))

      if (secret == null) {
        throw new SecretUnreadableError('This secret does not open: it was changed, or its key is another one')
      }

      return secret
    },
    async put (name, secret) {
      if (secret.length > MAX_SECRET_BYTES) {
        throw new LimitExceededError(`A secret may have ${MAX_SECRET_BYTES} bytes, this one has ${secret.length}`)
      }

      const sealed = await sealAead(key, secret, aad(name), random)

      await store.put(encoder.encode(name), concat([Uint8Array.of(RECORD_VERSION), sealed]), { durability: 'strict' })
    },
    async delete (name) {
      await store.delete(encoder.encode(name), { durability: 'strict' })
    }
  }
}
