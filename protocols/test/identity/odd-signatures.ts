/** Makes signatures that Ed25519 implementations disagree about, each with the verdict that specs/identity.md gives. */
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat } from 'uint8arrays/concat'
import { fromHex, toHex } from '../../src/ids.ts'

export interface SignatureVector {
  title: string
  publicKey: string
  message: string
  signature: string
  verdict: 'accept' | 'reject'
}

const { Point } = ed25519

type CurvePoint = typeof Point.BASE

const L = Point.Fn.ORDER
const P = Point.Fp.ORDER
/** Orders 8, 4, 2 and all others that divide 8; the first is the neutral element */
const TORSION = ED25519_TORSION_SUBGROUP.map(hex => Point.fromHex(hex))
const NEUTRAL = Point.ZERO

/** Repeatable randomness: SHA-512 of a seed and a counter */
export class Source {
  readonly #seed: string
  #count = 0

  constructor (seed: string) {
    this.#seed = seed
  }

  bytes (length: number): Uint8Array {
    const blocks: Uint8Array[] = []

    for (let have = 0; have < length; have += 64) {
      blocks.push(sha512(new TextEncoder().encode(`${this.#seed}/${this.#count++}`)))
    }

    return concat(blocks).subarray(0, length)
  }

  below (bound: number): number {
    return Number(fromLittleEndian(this.bytes(6)) % BigInt(bound))
  }

  /** 1 to L - 1 */
  scalar (): bigint {
    return fromLittleEndian(this.bytes(64)) % (L - 1n) + 1n
  }

  torsion (): CurvePoint {
    return TORSION[1 + this.below(TORSION.length - 1)]
  }
}

function fromLittleEndian (bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.slice().reverse())}`)
}

export function littleEndian (n: bigint): Uint8Array {
  return fromHex(n.toString(16).padStart(64, '0')).reverse()
}

function challenge (r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint {
  return fromLittleEndian(sha512(concat([r, a, message]))) % L
}

function mod (n: bigint): bigint {
  return (n % L + L) % L
}

interface Parts {
  a: Uint8Array
  message: Uint8Array
  r: Uint8Array
  s: Uint8Array
}

function vector (title: string, { a, message, r, s }: Parts, verdict: 'accept' | 'reject' = 'reject'): SignatureVector {
  return { title, publicKey: toHex(a), message: toHex(message), signature: toHex(concat([r, s])), verdict }
}

/** A sound signature, by hand: S = r + h·a */
function sound (source: Source): Parts & { secret: bigint, nonce: bigint } {
  const secret = source.scalar()
  const nonce = source.scalar()
  const a = Point.BASE.multiply(secret).toBytes()
  const r = Point.BASE.multiply(nonce).toBytes()
  const message = source.bytes(source.below(100))

  return { secret, nonce, a, r, message, s: littleEndian(mod(nonce + challenge(r, a, message) * secret)) }
}

function flip (bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice()
  flipped[bit >> 3] ^= 1 << (bit & 7)

  return flipped
}

/** A point whose encoding is given instead of the canonical one */
interface Encoded {
  point: CurvePoint
  bytes: Uint8Array
}

/** Every way to write points of small order that some decoder takes: y + p, and a sign where x is zero */
export function smallOrderEncodings (): Encoded[] {
  return TORSION.flatMap(point => {
    const { x, y } = point.toAffine()
    const canonical = point.toBytes()
    const sign = canonical[31] & 0x80
    const ys = y + P < 2n ** 255n ? [y, y + P] : [y]
    const signs = x === 0n ? [0, 0x80] : [sign]

    return ys.flatMap(value => signs.map(bit => {
      const bytes = littleEndian(value)
      bytes[31] |= bit

      return { point, bytes }
    }))
  })
}

/** Encodings of y from p to 2^255 - 1 that are not of small order, as far as they are on the curve */
export function nonCanonicalEncodings (): Encoded[] {
  const found: Encoded[] = []

  for (let y = 2n; y < 19n; y++) {
    for (const sign of [0, 0x80]) {
      const canonical = littleEndian(y)
      canonical[31] |= sign

      try {
        const point = Point.fromBytes(canonical)
        const bytes = littleEndian(y + P)
        bytes[31] |= sign
        found.push({ point, bytes })
      } catch {
        // no point has this y
      }
    }
  }

  return found
}

type Kind = (source: Source) => SignatureVector

/** With a message for which the torsion part of h·A is, or is not, the neutral element */
function mixedKey (source: Source, cancels: boolean): SignatureVector {
  const secret = source.scalar()
  const nonce = source.scalar()
  const torsion = source.torsion()
  const a = Point.BASE.multiply(secret).add(torsion).toBytes()
  const r = Point.BASE.multiply(nonce).toBytes()

  while (true) {
    const message = source.bytes(32)
    const h = challenge(r, a, message)

    if ((h % 8n === 0n || torsion.multiplyUnsafe(h % 8n).equals(NEUTRAL)) === cancels) {
      return vector(
        `key with a torsion part, ${cancels ? 'holds without' : 'holds only with'} the cofactor`,
        { a, r, message, s: littleEndian(mod(nonce + h * secret)) }
      )
    }
  }
}

export const KINDS: Record<string, Kind> = {
  sound: source => vector('sound', sound(source), 'accept'),
  'flipped bit of R': source => {
    const parts = sound(source)
    return vector('flipped bit of R', { ...parts, r: flip(parts.r, source.below(256)) })
  },
  'flipped bit of S': source => {
    const parts = sound(source)
    return vector('flipped bit of S', { ...parts, s: flip(parts.s, source.below(256)) })
  },
  'flipped bit of A': source => {
    const parts = sound(source)
    return vector('flipped bit of A', { ...parts, a: flip(parts.a, source.below(256)) })
  },
  'S + n·L': source => {
    const parts = sound(source)
    const n = BigInt(1 + source.below(15))
    return vector(`S + ${n}·L`, { ...parts, s: littleEndian(fromLittleEndian(parts.s) + n * L) })
  },
  'S = L': source => vector('S = L', { ...sound(source), s: littleEndian(L) }),
  'R of small order': source => {
    const { a, secret, message } = sound(source)
    const encodings = smallOrderEncodings()
    const { bytes: r } = encodings[source.below(encodings.length)]
    return vector('R of small order', { a, r, message, s: littleEndian(mod(challenge(r, a, message) * secret)) })
  },
  'A of small order': source => {
    const encodings = smallOrderEncodings()
    const { point, bytes: a } = encodings[source.below(encodings.length)]
    const nonce = source.scalar()
    const guess = BigInt(source.below(8))
    // R takes up h·A, so that the equation holds without the cofactor once h is as guessed
    const r = Point.BASE.multiply(nonce).subtract(guess === 0n ? NEUTRAL : point.multiplyUnsafe(guess)).toBytes()
    let message = source.bytes(32)

    while (challenge(r, a, message) % 8n !== guess) {
      message = source.bytes(32)
    }

    return vector('A of small order', { a, r, message, s: littleEndian(nonce) })
  },
  'A and R of small order': source => {
    const encodings = smallOrderEncodings()
    return vector('A and R of small order', {
      a: encodings[source.below(encodings.length)].bytes,
      r: encodings[source.below(encodings.length)].bytes,
      message: source.bytes(32),
      s: littleEndian(0n)
    })
  },
  'A with a torsion part, cancelled': source => mixedKey(source, true),
  'A with a torsion part': source => mixedKey(source, false),
  'R with a torsion part': source => {
    const { a, secret, nonce, message } = sound(source)
    const r = Point.BASE.multiply(nonce).add(source.torsion()).toBytes()
    return vector('R with a torsion part', { a, r, message, s: littleEndian(mod(nonce + challenge(r, a, message) * secret)) })
  },
  'A and R with a torsion part': source => {
    const secret = source.scalar()
    const nonce = source.scalar()
    const torsion = source.torsion()
    const a = Point.BASE.multiply(secret).add(torsion).toBytes()

    // h depends on R, so the part that cancels h·A has to be guessed: holds without the cofactor
    while (true) {
      const guess = source.below(8)
      const part = guess === 0 ? NEUTRAL : torsion.multiplyUnsafe(BigInt(guess))
      const r = Point.BASE.multiply(nonce).subtract(part).toBytes()
      const message = source.bytes(32)
      const h = challenge(r, a, message)
      const actual = h % 8n === 0n ? NEUTRAL : torsion.multiplyUnsafe(h % 8n)

      if (actual.equals(part)) {
        return vector('A and R with a torsion part, holds without the cofactor', { a, r, message, s: littleEndian(mod(nonce + h * secret)) })
      }
    }
  },
  'R not canonical': source => {
    const { a, message, s } = sound(source)
    const encodings = nonCanonicalEncodings()
    return vector('R not canonical', { a, message, s, r: encodings[source.below(encodings.length)].bytes })
  },
  'A not canonical': source => {
    const { r, message, s } = sound(source)
    const encodings = nonCanonicalEncodings()
    return vector('A not canonical', { r, message, s, a: encodings[source.below(encodings.length)].bytes })
  },
  'any bytes': source => vector('any bytes', { a: source.bytes(32), r: source.bytes(32), s: source.bytes(32), message: source.bytes(8) }),
  'any R': source => vector('any R', { ...sound(source), r: source.bytes(32) })
}

/** One of each kind, `rounds` times */
export function oddSignatures (seed: string, rounds: number): SignatureVector[] {
  const source = new Source(seed)

  return Array.from({ length: rounds }, () => Object.values(KINDS).map(kind => kind(source))).flat()
}
