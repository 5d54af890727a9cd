import { toHex } from '../../src/ids.ts'
import { nonCanonicalEncodings, oddSignatures, smallOrderEncodings } from './odd-signatures.ts'
import { SPECCHECK } from './speccheck.ts'
import type { SignatureVector } from './odd-signatures.ts'

/** What specs/vectors/ed25519.json holds: all the same at each run */
export function ed25519Vectors (): SignatureVector[] {
  const [sound] = oddSignatures('lengths', 1)
  const odd = [...smallOrderEncodings(), ...nonCanonicalEncodings()].map(({ bytes }) => toHex(bytes))
  const bad = (title: string, change: Partial<SignatureVector>): SignatureVector => ({ ...sound, title, ...change, verdict: 'reject' })

  return [
    ...SPECCHECK,
    ...oddSignatures('vectors', 4),
    ...odd.map(publicKey => bad('every odd key', { publicKey })),
    ...odd.map(r => bad('every odd R', { signature: r + sound.signature.slice(64) })),
    bad('key cut short', { publicKey: sound.publicKey.slice(2) }),
    bad('key too long', { publicKey: `${sound.publicKey}00` }),
    bad('no key', { publicKey: '' }),
    bad('signature cut short', { signature: sound.signature.slice(2) }),
    bad('signature too long', { signature: `${sound.signature}00` }),
    bad('no signature', { signature: '' })
  ]
}
