import { withDomain } from '../../hash.ts'
import { MASTER_KEY_BYTES, NAME_BYTES } from './constants.ts'

export const SEALED_DOMAIN = 'pergola/sealed/1'

/** What a master key gives; only its names can be read back. Rules: specs/storage.md [ST60] */
export interface StoreKeys {
  /** Tells one store's records from those of another */
  readonly id: Uint8Array
  /** Name of the root record */
  readonly root: Uint8Array
  readonly nodes: CryptoKey
  readonly values: CryptoKey
  /** Seals what the slots are for */
  readonly slots: CryptoKey
}

const encoder = new TextEncoder()

/** @param master - MASTER_KEY_BYTES; may be overwritten once this has resolved */
export async function deriveStoreKeys (master: Uint8Array): Promise<StoreKeys> {
  if (master.length !== MASTER_KEY_BYTES) {
    throw new RangeError(`A master key has ${MASTER_KEY_BYTES} bytes`)
  }

  const base = await crypto.subtle.importKey('raw', master as BufferSource, 'HKDF', false, ['deriveKey', 'deriveBits'])
  const hkdf = (purpose: string): HkdfParams => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: withDomain(SEALED_DOMAIN, encoder.encode(purpose)) as BufferSource
  })
  const key = async (purpose: string): Promise<CryptoKey> =>
    crypto.subtle.deriveKey(hkdf(purpose), base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const name = async (purpose: string): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.deriveBits(hkdf(purpose), base, NAME_BYTES * 8))

  const [id, root, nodes, values, slots] = await Promise.all([name('id'), name('root'), key('nodes'), key('values'), key('slots')])

  return { id, root, nodes, values, slots }
}
