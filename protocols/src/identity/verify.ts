/**
 * The only Ed25519 verifier. OpenSSL, BoringSSL and noble accept different odd signatures, so an author could show one thing to some
 * readers and another to the rest; here all give one verdict. Rules: specs/identity.md [ID1] to [ID6].
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { toHex } from '../ids.ts'

export const SIGNATURE_BYTES = 64
const KEY_BYTES = 32
/** Public keys whose check and import are remembered */
const MAX_CACHED_KEYS = 4_096

/** The order of the base point, little-endian */
const ORDER = Uint8Array.of(
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10
)

/** The field prime 2^255 - 19, little-endian */
const PRIME = new Uint8Array(32).fill(0xff)
PRIME[0] = 0xed
PRIME[31] = 0x7f

/** y of the points whose order divides 8, little-endian, without the sign of x */
const SMALL_ORDER_Y: Uint8Array[] = [
  Uint8Array.from({ length: 32 }, () => 0),
  Uint8Array.from({ length: 32 }, (_, i) => i === 0 ? 1 : 0),
  Uint8Array.from(PRIME, (byte, i) => i === 0 ? 0xec : byte),
  Uint8Array.of(
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
    0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05
  ),
  Uint8Array.of(
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a
  )
]

/** Whether the little-endian number a is below b; the last byte of a counts with this mask */
function isBelow (a: Uint8Array, b: Uint8Array, lastMask: number): boolean {
  for (let i = 31; i >= 0; i--) {
    const byte = i === 31 ? a[i] & lastMask : a[i]

    if (byte !== b[i]) {
      return byte < b[i]
    }
  }

  return false
}

function isSmallOrder (point: Uint8Array): boolean {
  return SMALL_ORDER_Y.some(y => y.every((byte, i) => byte === (i === 31 ? point[i] & 0x7f : point[i])))
}

/** A canonically encoded point that is not of small order: what bytes alone can tell */
function isPlausiblePoint (point: Uint8Array): boolean {
  return isBelow(point, PRIME, 0x7f) && !isSmallOrder(point)
}

function isTorsionFree (point: Uint8Array): boolean {
  try {
    return ed25519.Point.fromBytes(point, false).isTorsionFree()
  } catch {
    return false
  }
}

/** Verifies once R, S and the key have been found canonical, not of small order, and the key free of torsion */
export type CheckedVerifier = (signature: Uint8Array, message: Uint8Array) => Promise<boolean>

/** The platform's verification, or undefined where WebCrypto has no Ed25519 */
async function nativeVerifier (key: Uint8Array): Promise<CheckedVerifier | undefined> {
  try {
    const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), 'Ed25519', false, ['verify'])

    return async (signature, message) => crypto.subtle.verify('Ed25519', imported, signature as BufferSource, message as BufferSource)
  } catch {
    return undefined
  }
}

/** Verification in JavaScript; its equation lets R have a torsion part, which the platform's does not */
function portableVerifier (key: Uint8Array): CheckedVerifier {
  return async (signature, message) =>
    isTorsionFree(signature.subarray(0, KEY_BYTES)) && ed25519.verify(signature, message, key, { zip215: false })
}

export interface StrictVerifierInit {
  /**
   * Never use the platform's verification
   *
   * @default false
   */
  portable?: boolean
}

export interface StrictVerifier {
  /** The one verdict; never throws, whatever the lengths */
  verify (key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** Whether signatures of this key can be accepted at all */
  isGoodKey (key: Uint8Array): boolean
}

export function strictVerifier (init: StrictVerifierInit = {}): StrictVerifier {
  const verifiers = new Map<string, Promise<CheckedVerifier | undefined>>()

  function isGoodKey (key: Uint8Array): boolean {
    return key instanceof Uint8Array && key.length === KEY_BYTES && isPlausiblePoint(key) && isTorsionFree(key)
  }

  async function createVerifier (key: Uint8Array): Promise<CheckedVerifier | undefined> {
    if (!isGoodKey(key)) {
      return undefined
    }

    return (init.portable === true ? undefined : await nativeVerifier(key)) ?? portableVerifier(key)
  }

  async function verifierOf (key: Uint8Array): Promise<CheckedVerifier | undefined> {
    const name = toHex(key)
    let verifier = verifiers.get(name)

    if (verifier == null) {
      verifier = createVerifier(key.slice())

      if (verifiers.size >= MAX_CACHED_KEYS) {
        const [oldest] = verifiers.keys()
        verifiers.delete(oldest)
      }

      verifiers.set(name, verifier)
    }

    return verifier
  }

  return {
    isGoodKey,
    async verify (key, message, signature) {
      if (key.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES ||
        !isPlausiblePoint(signature.subarray(0, KEY_BYTES)) || !isBelow(signature.subarray(KEY_BYTES), ORDER, 0xff)) {
        return false
      }

      // what was checked is what is verified, even if the caller uses the array again meanwhile
      const checked = signature.slice()
      const verifier = await verifierOf(key)

      return verifier != null && verifier(checked, message)
    }
  }
}

const shared = strictVerifier()

/** The verifier of this process, with its cache of keys */
export const verify: StrictVerifier['verify'] = async (key, message, signature) => shared.verify(key, message, signature)

/** Whether signatures of this key can be accepted at all */
export const isGoodKey: StrictVerifier['isGoodKey'] = key => shared.isGoodKey(key)
