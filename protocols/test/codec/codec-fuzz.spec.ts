import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { isCutShort, measure } from '../../src/codec/measure.ts'
import { LimitExceededError, MalformedError } from '../../src/errors.ts'
import { cases } from '../cases.ts'

const limits = { maxBytes: 4_096, maxDepth: 8, maxItems: 200 }

/** Heads of CBOR with any argument, in any length, and what may follow them */
const head = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 31 }), fc.uint8Array({ maxLength: 9 }))
  .map(([major, info, rest]) => Uint8Array.of(major << 5 | info, ...rest))

const value: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.integer(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.boolean(), fc.constant(null), fc.string({ unit: 'binary' }), fc.uint8Array(),
    fc.double({ noNaN: true, noDefaultInfinity: true }), fc.array(tie('value'), { maxLength: 5 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 })
  )
})).value

/** What somebody may do to bytes on their way */
function mutated (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(bytes, fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 4 })).map(([original, from, length, inserted]) => {
    const at = from % (original.length + 1)

    return concat([original.subarray(0, at), inserted, original.subarray(at + length % 3)])
  })
}

function encodable (content: unknown): Uint8Array | undefined {
  try {
    return encode(content)
  } catch {
    return undefined
  }
}

const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(head, { maxLength: 20 }).map(heads => concat(heads)),
  mutated(value.map(content => encodable(content) ?? new Uint8Array())),
  fc.tuple(fc.constantFrom(0x81, 0xa1, 0xc1, 0x9f), fc.nat({ max: 6_000 })).map(([byte, count]) => new Uint8Array(count).fill(byte)),
  fc.tuple(fc.constantFrom(0x00, 0x80, 0xa0, 0x60, 0xf6), fc.nat({ max: 4_500 })).map(([byte, count]) => concat([Uint8Array.of(0x99, count >> 8, count & 0xff), new Uint8Array(count).fill(byte)]))
)

function isNamed (err: unknown): boolean {
  return err instanceof MalformedError || err instanceof LimitExceededError
}

describe('decodeCanonical, given anything', () => {
  it(`[EN1] [EN3] gives a value that encodes to the same bytes, or a named error, in ${cases} cases`, function () {
    this.timeout(120_000)

    fc.assert(fc.property(hostile, bytes => {
      const start = performance.now()
      let decoded: unknown

      try {
        decoded = decodeCanonical(bytes, limits)
      } catch (err) {
        return isNamed(err) && performance.now() - start < 1_000
      }

      const again = encode(decoded)

      return bytes.length <= limits.maxBytes && again.length === bytes.length && again.every((byte, i) => byte === bytes[i])
    }), { numRuns: cases })
  })

  it(`[EN1] takes back what was encoded, in ${cases} cases`, function () {
    this.timeout(120_000)

    fc.assert(fc.property(value, content => {
      const bytes = encodable(content)

      if (bytes != null) {
        expect(encode(decodeCanonical(bytes, { maxBytes: 1_000_000 }))).to.deep.equal(bytes)
      }
    }), { numRuns: cases })
  })

  it(`[EN2] [EN3] measures anything without reading past its end, in ${cases} cases`, function () {
    this.timeout(120_000)

    fc.assert(fc.property(hostile, bytes => {
      try {
        measure(bytes, limits.maxDepth, limits.maxItems)
      } catch (err) {
        return isNamed(err)
      }

      // whole: with a byte less it is cut short, with one more it is too long
      return isCutShort(bytes.subarray(0, -1)) && !isCutShort(bytes) && !isCutShort(concat([bytes, Uint8Array.of(0)]))
    }), { numRuns: cases })
  })

  it('[EN2] [EN3] refuses megabytes of empty maps and of nesting before anything is built for them', () => {
    const count = 4_000_000

    for (const bytes of [
      concat([Uint8Array.of(0x9a, count >>> 24, count >> 16 & 0xff, count >> 8 & 0xff, count & 0xff), new Uint8Array(count).fill(0xa0)]),
      new Uint8Array(count).fill(0x81)
    ]) {
      const start = performance.now()

      expect(() => decodeCanonical(bytes, { maxBytes: 5_000_000 })).to.throw(LimitExceededError)
      expect(performance.now() - start).to.be.below(100)
    }
  })
})
