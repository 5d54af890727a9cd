/** Proving that one holds a token without sending it. Rules: specs/invite.md [IN30] to [IN33]. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as digest } from '@noble/hashes/sha2.js'
import { sha256, withDomain } from '../hash.ts'
import { TOKEN_ID_BYTES } from './constants.ts'
import type { TokenProof } from './index.ts'

const ID_DOMAIN = 'pergola/token-id/1'
const KEY_DOMAIN = 'pergola/token-key/1'
const PROOF_DOMAIN = 'pergola/token-proof/1'
const HOLDER_DOMAIN = 'pergola/token-holder/1'
const HOLDER_BYTES = 16

/** By what the issuer finds the token; says nothing of it */
export function tokenId (token: Uint8Array): Uint8Array {
  return sha256(withDomain(ID_DOMAIN, token)).subarray(0, TOKEN_ID_BYTES)
}

/** What the issuer keeps instead of the token */
export function tokenKey (token: Uint8Array): Uint8Array {
  return sha256(withDomain(KEY_DOMAIN, token))
}

function macOf (key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(digest, key, withDomain(PROOF_DOMAIN, message))
}

/** Who used a token, in a form that says nothing to whoever lacks the key */
export function holderTag (key: Uint8Array, holder: string): Uint8Array {
  return hmac(digest, key, withDomain(HOLDER_DOMAIN, new TextEncoder().encode(holder))).subarray(0, HOLDER_BYTES)
}

/** Proves that one holds a token. The message is what the proof is bound to; it must never repeat */
export function proveToken (token: Uint8Array, message: Uint8Array): TokenProof {
  return { id: tokenId(token), mac: macOf(tokenKey(token), message), message }
}

/** Compares without telling, by its time, where the difference is */
function isSame (a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length

  for (let i = 0; i < a.length; i++) {
    difference |= a[i] ^ b[i]
  }

  return difference === 0
}

export function verifyToken (key: Uint8Array, { mac, message }: TokenProof): boolean {
  return isSame(macOf(key, message), mac)
}
