/** Inputs that no honest peer sends, for every decoder */
import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'

export const FUZZ_CASES = 5_000

/** Errors that a decoder may end with */
const NAMED = ['MalformedError', 'MalformedIdError', 'LimitExceededError', 'InvalidSignatureError', 'UnknownVersionError']

/** DAG-CBOR values of any shape */
const anyValue = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.uint8Array({ maxLength: 80 }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.string({ maxLength: 6 }), tie('value'), { maxKeys: 5 })
  )
})).value

type Spoil = (good: Uint8Array) => Uint8Array

/** Ways to spoil good bytes */
const spoils: fc.Arbitrary<Spoil> = fc.oneof(
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, mask]): Spoil => good => {
    const bytes = good.slice()

    bytes[at % bytes.length] ^= mask

    return bytes
  }),
  fc.nat().map((at): Spoil => good => good.slice(0, at % good.length)),
  fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 })).map(([at, more]): Spoil => good => {
    const place = at % (good.length + 1)

    return Uint8Array.of(...good.subarray(0, place), ...more, ...good.subarray(place))
  })
)

/** Valid bytes that were spoilt, random bytes, random values, too much, too deep, not canonical */
export function hostileBytes (good: Uint8Array[], maxBytes: number): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...good), spoils).map(([bytes, spoil]) => spoil(bytes)) },
    { weight: 3, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    { weight: 3, arbitrary: anyValue.map(value => encode(value)) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 4_000 }).map(over => new Uint8Array(maxBytes + over).fill(0xa0)) },
    { weight: 1, arbitrary: fc.integer({ min: 33, max: 5_000 }).map(depth => Uint8Array.of(...new Uint8Array(depth).fill(0x81), 0xf6)) },
    { weight: 1, arbitrary: fc.constantFrom(...good).map(bytes => Uint8Array.of(bytes[0] & 0xe0 | 24, bytes[0] & 31, ...bytes.subarray(1))) }
  )
}

/** Runs a decoder on hostile bytes: it returns something or ends with a named error, soon */
export async function survives (good: Uint8Array[], maxBytes: number, decode: (bytes: Uint8Array) => unknown): Promise<void> {
  await fc.assert(fc.asyncProperty(hostileBytes(good, maxBytes), async bytes => {
    const start = performance.now()

    try {
      await decode(bytes)
    } catch (err) {
      expect(NAMED, String(err)).to.include((err as Error).name)
    }

    expect(performance.now() - start).to.be.below(2_000)
  }), { numRuns: FUZZ_CASES })
}
