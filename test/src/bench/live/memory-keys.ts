import { randomBytes } from 'node:crypto'
import { signerFromSeed } from '@pergola/protocols'
import type { Signer } from '@pergola/protocols'
import type { KeyStore, SecretName } from '@pergola/protocols/peer'

/** Secrets of a peer that lives as long as this process */
export function memoryKeys (): KeyStore {
  const secrets = new Map<SecretName, Uint8Array>()
  let signer: Promise<Signer> | undefined

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => { secrets.set(name, secret) },
    async deviceSigner () {
      signer ??= signerFromSeed(randomBytes(32))

      return signer
    }
  }
}
