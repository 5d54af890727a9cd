/** Secrets of the home node: sealed in its store under a key file that only its owner can read. */
import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { importSafeKey, prefixStore, safe, SAFE_KEY_BYTES, signerFromSeed } from '@pergola/protocols'
import type { Signer, Store } from '@pergola/protocols'
import type { KeyStore } from '@pergola/protocols/peer'

const DEVICE_SEED = 'device-seed'
const SEED_BYTES = 32
const PREFIX = new TextEncoder().encode('keys/')

/** The 32 bytes of the key file, which is made when it is missing */
export async function readKeyFile (path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (err) {
    if (!(err instanceof Error) || !('code' in err) || err.code !== 'ENOENT') {
      throw err
    }
  }

  const made = randomBytes(SAFE_KEY_BYTES)
  const file = await open(path, 'wx', 0o600)

  try {
    await file.writeFile(made)
    await file.sync()
  } finally {
    await file.close()
  }

  return made
}

export interface KeyStoreInit {
  /** Path of the key file; made when it is missing */
  file: string
  store: Store
}

export async function openKeyStore ({ file, store }: KeyStoreInit): Promise<KeyStore> {
  const secrets = safe({ store: prefixStore(store, PREFIX), key: await importSafeKey(await readKeyFile(file)) })
  let signer: Promise<Signer> | undefined

  async function openSigner (): Promise<Signer> {
    let seed = await secrets.get(DEVICE_SEED)

    if (seed == null) {
      seed = randomBytes(SEED_BYTES)
      await secrets.put(DEVICE_SEED, seed)
    }

    return signerFromSeed(seed)
  }

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => secrets.put(name, secret),
    async deviceSigner () {
      signer ??= openSigner()

      return signer
    }
  }
}
