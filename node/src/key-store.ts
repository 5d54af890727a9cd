/** Secrets of the home node, in its sealed store. */
import { randomBytes } from 'node:crypto'
import { signerFromSeed } from '@pergola/protocols'
import type { Signer, Store } from '@pergola/protocols'
import type { KeyStore } from '@pergola/protocols/peer'

const DEVICE_SEED = 'device-seed'
const SEED_BYTES = 32
const STRICT = { durability: 'strict' } as const

const encoder = new TextEncoder()

/** @param store - a part of the sealed store, for nothing else */
export function openKeyStore (store: Store): KeyStore {
  let signer: Promise<Signer> | undefined

  async function openSigner (): Promise<Signer> {
    let seed = await store.get(encoder.encode(DEVICE_SEED))

    if (seed == null) {
      seed = new Uint8Array(randomBytes(SEED_BYTES))
      await store.put(encoder.encode(DEVICE_SEED), seed, STRICT)
    }

    return signerFromSeed(seed)
  }

  return {
    get: async name => store.get(encoder.encode(name)),
    put: async (name, secret) => store.put(encoder.encode(name), secret, STRICT),
    async deviceSigner () {
      signer ??= openSigner()

      return signer
    }
  }
}
