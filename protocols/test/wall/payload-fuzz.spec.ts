import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { entryCid, entryId } from '../../src/ids.ts'
import { decodePayload, encodePayload } from '../../src/wall/index.ts'
import { countingRandom, imageRef } from './make-entries.ts'

const EXPECTED = ['MalformedError', 'LimitExceededError', 'MalformedIdError']
const valid = encodePayload({ kind: 'post', text: 'Hello', lang: 'en', images: [imageRef('a')] }, countingRandom())
const cid = entryCid(entryId(new Uint8Array(32)))

const anything = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 20 }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.constant(cid),
    fc.uint8Array({ maxLength: 40 }), fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('small', 'large', 'cid', 'size', 'type', 'width', 'height', 'blur', 'alt', '__proto__', 'x'), tie('value'))
  )
})).value

const payloadLike = fc.record({
  kind: fc.oneof(fc.constantFrom('post', 'edit', 'tombstone', 'profile', 'reach'), anything),
  salt: fc.oneof(fc.uint8Array({ minLength: 16, maxLength: 16 }), anything),
  text: fc.oneof(fc.string(), anything),
  name: fc.oneof(fc.string(), anything),
  of: fc.oneof(fc.constant(cid), anything),
  after: fc.oneof(fc.array(fc.constant(cid), { maxLength: 40 }), anything),
  images: anything,
  avatar: anything,
  relays: anything
}, { requiredKeys: [] })

const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length)).map(([at, byte, length]) => {
  const bytes = Uint8Array.from(valid)

  bytes[at] = byte

  return length % 3 === 0 ? bytes.subarray(0, length) : bytes
})

function decodesOrFailsByName (bytes: Uint8Array): void {
  try {
    decodePayload(bytes)
  } catch (err) {
    expect(EXPECTED).to.include((err as Error).name)
  }
}

describe('wall payload decoder, fuzzed', () => {
  it('[WA9] 5,000 inputs of odd bytes, changed payloads and wrong types give a payload or a named error', () => {
    const odd = fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated, payloadLike.map(value => encode(value)), anything.map(value => encode(value)))

    fc.assert(fc.property(odd, decodesOrFailsByName), { numRuns: 5_000 })
  })

  it('[WA9] deep nesting and floods of items are refused before they are built', () => {
    const deep = new Uint8Array(5_000).fill(0x81)
    const flood = Uint8Array.from([0x99, 0x75, 0x30, ...new Uint8Array(30_000).fill(0xa0)])

    expect(() => decodePayload(deep)).to.throw().with.property('name', 'LimitExceededError')
    expect(() => decodePayload(flood)).to.throw().with.property('name', 'LimitExceededError')
  })
})
