/** HPKE as key bundles use it. Rules: specs/space.md [SP14]. */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { concat } from 'uint8arrays/concat'
import { ENC_BYTES } from './constants.ts'
import type { Random } from '../interface.ts'

const EPHEMERAL_SEED_BYTES = 32

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** @returns `enc ‖ ciphertext`: 48 bytes more than what is inside */
export async function sealTo (recipient: Uint8Array, info: Uint8Array, plaintext: Uint8Array, random: Random): Promise<Uint8Array> {
  const { enc, ct } = await suite.seal({
    recipientPublicKey: await suite.kem.importKey('raw', recipient.slice().buffer, true),
    info,
    ekm: random.bytes(EPHEMERAL_SEED_BYTES).slice().buffer
  }, plaintext)

  return concat([new Uint8Array(enc), new Uint8Array(ct)])
}

/** Fails if it was sealed to somebody else, under other `info`, or was changed */
export async function openWith (secret: Uint8Array, info: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await suite.open({
    recipientKey: await suite.kem.importKey('raw', secret.slice().buffer, false),
    enc: sealed.slice(0, ENC_BYTES).buffer,
    info
  }, sealed.slice(ENC_BYTES)))
}
