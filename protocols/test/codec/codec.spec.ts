import { expect } from 'aegir/chai'
import { CID } from 'multiformats/cid'
import {
  cleanText, decodeCanonical, encode, readArray, readBoolean, readBytes, readCid, readMap, readOpenMap, readText, readUint
} from '../../src/codec/index.ts'
import { LimitExceededError, MalformedError } from '../../src/errors.ts'
import { fromHex } from '../../src/ids.ts'
import { MAX_CBOR_DEPTH, MAX_CBOR_ITEMS } from '../../src/limits.ts'
import { readVectors } from '../vectors.ts'
import { encodingVectors } from './encoding-vectors.ts'
import type { EncodingVector } from './encoding-vectors.ts'

const MAX_BYTES = 65_536

function verdictOf (bytes: Uint8Array): string {
  try {
    decodeCanonical(bytes, { maxBytes: MAX_BYTES })
    return 'accept'
  } catch (err) {
    return err instanceof MalformedError ? 'malformed' : err instanceof LimitExceededError ? 'limit' : String(err)
  }
}

function nested (depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)]
}

describe('encoding', () => {
  let vectors: EncodingVector[]

  before(async () => {
    vectors = await readVectors('encoding')
  })

  it('[EN1] to [EN6] has vectors that anybody can make again', () => {
    expect(vectors).to.deep.equal(encodingVectors())
  })

  it('[EN1] to [EN6] gives the verdicts of the vectors', () => {
    for (const { title, bytes, verdict } of vectors) {
      expect(verdictOf(fromHex(bytes)), title).to.equal(verdict)
    }
  })

  it('[EN1] encodes what it decoded to the same bytes', () => {
    for (const { title, bytes, verdict } of vectors) {
      if (verdict === 'accept') {
        expect(encode(decodeCanonical(fromHex(bytes), { maxBytes: MAX_BYTES })), title).to.deep.equal(fromHex(bytes))
      }
    }
  })

  it('[EN2] takes the most bytes, depth and items, and refuses one past each', () => {
    expect(() => decodeCanonical(new Uint8Array([0x42, 1, 2]), { maxBytes: 3 })).to.not.throw()
    expect(() => decodeCanonical(new Uint8Array([0x42, 1, 2]), { maxBytes: 2 })).to.throw(LimitExceededError)
    expect(verdictOf(encode(nested(MAX_CBOR_DEPTH)))).to.equal('accept')
    expect(verdictOf(encode(nested(MAX_CBOR_DEPTH + 1)))).to.equal('limit')
    expect(verdictOf(encode(new Array(MAX_CBOR_ITEMS - 1).fill(0)))).to.equal('accept')
    expect(verdictOf(encode(new Array(MAX_CBOR_ITEMS).fill(0)))).to.equal('limit')
    expect(() => decodeCanonical(encode([1, [2]]), { maxBytes: 10, maxDepth: 1 })).to.throw(LimitExceededError)
    expect(() => decodeCanonical(encode([1, 2]), { maxBytes: 10, maxItems: 2 })).to.throw(LimitExceededError)
  })

  it('[EN5] does not encode text that would not come back', () => {
    for (const text of ['\ufeffhello', '\ud83d', 'cut in the middle of 😴'.slice(0, -1), `${'long'.repeat(100)}\udc00`]) {
      expect(() => encode(text)).to.throw(MalformedError)
      expect(() => encode({ text: [text] })).to.throw(MalformedError)
      expect(() => encode({ [text]: 1 })).to.throw(MalformedError)
      expect(decodeCanonical(encode(cleanText(text)), { maxBytes: 1_000 })).to.equal(cleanText(text))
    }

    expect(cleanText('\ufeff\ufeffhello\ufeff')).to.equal('hello\ufeff')
    expect(cleanText('中文 😴')).to.equal('中文 😴')
  })

  it('[EN6] refuses a link whose multihash is not in its shortest form', () => {
    const zeros = '00'.repeat(32)
    const short = decodeCanonical(fromHex(`d82a58250001711220${zeros}`), { maxBytes: 100 })
    expect(readCid(short, 'link')).to.be.instanceOf(CID)

    for (const longer of [`d82a5826000171920020${zeros}`, `d82a582600017112a000${zeros}`]) {
      expect(() => readCid(decodeCanonical(fromHex(longer), { maxBytes: 100 }), 'link')).to.throw(MalformedError)
    }
  })

  it('[EN7] reads a map with exactly its fields', () => {
    expect(readMap({ a: 1, b: 2 }, 'It', ['a'], ['b'])).to.deep.equal({ a: 1, b: 2 })
    expect(readMap({ a: 1 }, 'It', ['a'], ['b'])).to.deep.equal({ a: 1 })
    expect(readOpenMap({ a: 1, c: 3 }, 'It')).to.deep.equal({ a: 1, c: 3 })

    for (const value of [{}, { b: 2 }, { a: 1, c: 3 }, [], null, undefined, 'a', 5, new Uint8Array(), CID.parse('bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy')]) {
      expect(() => readMap(value, 'It', ['a'], ['b'])).to.throw(MalformedError)
    }
  })

  it('[EN8] reads whole numbers, bytes, text, arrays, truth and links within their bounds', () => {
    expect(readUint(0, 'n')).to.equal(0)
    expect(readUint(5, 'n', 5)).to.equal(5)

    for (const value of [-1, 1.5, -0, NaN, Infinity, 6, 2 ** 53, 5n, '5', null, true]) {
      expect(() => readUint(value, 'n', 5)).to.throw(MalformedError)
    }

    expect(readBytes(new Uint8Array(2), 'b', 2)).to.have.lengthOf(2)
    expect(() => readBytes(new Uint8Array(3), 'b', 2)).to.throw(MalformedError)
    expect(() => readBytes([1, 2], 'b', 2)).to.throw(MalformedError)

    expect(readText('中文', 't', 6)).to.equal('中文')
    expect(() => readText('中文', 't', 5)).to.throw(LimitExceededError)
    expect(() => readText(new Uint8Array(), 't', 5)).to.throw(MalformedError)

    expect(readArray([1], 'a', 1)).to.deep.equal([1])
    expect(() => readArray([1, 2], 'a', 1)).to.throw(LimitExceededError)
    expect(() => readArray({ length: 1 }, 'a', 1)).to.throw(MalformedError)

    expect(readBoolean(false, 'b')).to.equal(false)
    expect(() => readBoolean(0, 'b')).to.throw(MalformedError)
    expect(() => readCid('bafy', 'c')).to.throw(MalformedError)
  })
})
