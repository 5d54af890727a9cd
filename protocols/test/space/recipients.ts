/** Those to whom keys are sealed in tests */
import { x25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '../../src/hash.ts'

export interface Recipient {
  secret: Uint8Array
  publicKey: Uint8Array
}

/** Always the same one for the same name */
export function recipient (name: string | number): Recipient {
  const secret = sha256(new TextEncoder().encode(`recipient ${name}`))

  return { secret, publicKey: x25519.getPublicKey(secret) }
}

export function recipients (count: number): Recipient[] {
  return Array.from({ length: count }, (_, i) => recipient(i))
}
