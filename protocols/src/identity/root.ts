/** The root of an identity: everything that comes back from a recovery phrase. Rules: specs/identity.md [ID10] to [ID13]. */
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { identityId } from '../ids.ts'
import { signerFromSeed } from './keys.ts'
import type { IdentityId } from '../ids.ts'
import type { Random } from '../interface.ts'
import type { Signer } from './keys.ts'

/** 16 bytes: twelve words */
export const ENTROPY_BYTES = 16

const encoder = new TextEncoder()
const ROOT_LABEL = 'pergola/root/1'
const RECOVERY_LABEL = 'pergola/recovery/1'
const PUBLISH_LABEL = 'pergola/publish/1'
const OWN_SPACE_LABEL = 'pergola/own/1'

export interface Root {
  readonly identity: IdentityId
  /** Signs identity records and nothing else */
  readonly signer: Signer
  /** X25519: public half of the key that everything private is also sealed to */
  readonly recovery: { publicKey: Uint8Array, privateKey: Uint8Array }
  /** Seed of the Ed25519 key under whose IPNS name the wall is published */
  readonly publishSeed: Uint8Array
  /** 32 bytes from which the space that own devices share is named: whoever has the phrase finds it */
  readonly ownSpaceSeed: Uint8Array
}

export function createEntropy (random: Random): Uint8Array {
  return random.bytes(ENTROPY_BYTES)
}

/** The same entropy always gives the same root */
export async function rootFromEntropy (entropy: Uint8Array): Promise<Root> {
  const derive = (label: string): Uint8Array => hkdf(sha256, entropy, undefined, encoder.encode(label), 32)
  const signer = await signerFromSeed(derive(ROOT_LABEL))
  const privateKey = derive(RECOVERY_LABEL)

  return {
    identity: identityId(signer.publicKey),
    signer,
    recovery: { publicKey: x25519.getPublicKey(privateKey), privateKey },
    publishSeed: derive(PUBLISH_LABEL),
    ownSpaceSeed: derive(OWN_SPACE_LABEL)
  }
}
