/** The secrets of this browser, in its sealed store. */
import { signerFromKeyPair, signerFromSeed } from '@pergola/protocols'
import type { Signer, Store } from '@pergola/protocols'
import type { KeyStore } from '@pergola/protocols/peer'

const DEVICE_SEED = 'device-seed'
const SEED_BYTES = 32
const STRICT = { durability: 'strict' } as const

const encoder = new TextEncoder()

export interface KeyStoreInit {
  /** A part of the sealed store, for nothing else */
  store: Store
  /** The signing key of a device of the first version, which cannot be taken out of where it is */
  keptPair (): Promise<CryptoKeyPair | undefined>
}

export function openKeyStore ({ store, keptPair }: KeyStoreInit): KeyStore {
  let signer: Promise<Signer> | undefined

  async function openSigner (): Promise<Signer> {
    const pair = await keptPair()

    if (pair != null) {
      return signerFromKeyPair(pair)
    }

    let seed = await store.get(encoder.encode(DEVICE_SEED))

    if (seed == null) {
      seed = crypto.getRandomValues(new Uint8Array(SEED_BYTES))
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
