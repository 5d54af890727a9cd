/** The code that two screens show, and what keeps either side from choosing it. Rules: specs/pairing.md [PA3], [PA15]. */
import { encode, sameBytes } from '../codec/index.ts'
import { sha256, withDomain } from '../hash.ts'
import { idBytes } from '../ids.ts'
import { PAIRING_CODE_DIGITS } from './constants.ts'
import type { Agreement } from './messages.ts'

const COMMITMENT_DOMAIN = 'pergola/pair-commitment/1'
const CODE_DOMAIN = 'pergola/pair-code/1'

/** What the new device binds itself to: `from` and `proof` depend on a record that it does not know yet */
type Committed = Pick<Agreement, 'nonce' | 'name'> & { entry: Pick<Agreement['entry'], 'device' | 'x25519' | 'role'> }

export function commitmentTo ({ nonce, name, entry }: Committed): Uint8Array {
  return sha256(withDomain(COMMITMENT_DOMAIN, encode([nonce, name, idBytes(entry.device), entry.x25519, entry.role])))
}

export function isCommitmentTo (commitment: Uint8Array, agreement: Committed): boolean {
  return sameBytes(commitment, commitmentTo(agreement))
}

export interface CodeInit {
  /** Texts of the transport peer ids */
  listingPeer: string
  newPeer: string
  /** Bodies of steps 1 and 2 */
  said: Uint8Array[]
  /** The new device's */
  nonce: Uint8Array
}

/** Six digits */
export function codeOf ({ listingPeer, newPeer, said, nonce }: CodeInit): string {
  const digest = sha256(withDomain(CODE_DOMAIN, encode([listingPeer, newPeer, said[0], said[1], nonce])))
  const number = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0) % 10n ** BigInt(PAIRING_CODE_DIGITS)

  return number.toString().padStart(PAIRING_CODE_DIGITS, '0')
}
