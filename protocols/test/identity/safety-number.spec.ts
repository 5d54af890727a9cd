import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { fromBase64url, toBase64url } from '../../src/codec/text.ts'
import { encodeSafetyCode, isSameSafety, MAX_SAFETY_CODE_CHARACTERS, safetyNumber } from '../../src/identity/index.ts'
import { deviceId, fromHex, idBytes, identityId } from '../../src/ids.ts'
import { readVectors } from '../vectors.ts'
import { filled } from './identity-vectors.ts'
import type { IdentityVectors } from './identity-vectors.ts'
import type { SafetySubject } from '../../src/identity/index.ts'

const [anna, bert, carl] = [1, 2, 3].map(n => identityId(filled(n)))
const [phone, laptop, tablet] = [1, 2, 3].map(n => deviceId(filled(n)))
const key = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** SHA-512 by the platform */
async function digest (domain: string, ...parts: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-512', concat([new TextEncoder().encode(domain), Uint8Array.of(0), ...parts]) as BufferSource))
}

function digitsOf (hash: Uint8Array): string {
  return Array.from({ length: 12 }, (_, group) => {
    const number = hash.subarray(group * 5, group * 5 + 5).reduce((sum, byte) => sum << 8n | BigInt(byte), 0n)

    return String(number % 100_000n).padStart(5, '0')
  }).join(' ')
}

describe('safety numbers', () => {
  it('[ID43] [ID44] are those of the vectors, and so are the codes', async () => {
    const { safety } = await readVectors<IdentityVectors>('identity')

    expect(safety).to.have.length.above(4)

    for (const { number, code, ...subject } of safety) {
      const domain = subject.identity == null ? 'pergola/safety-number/1' : 'pergola/device-number/1'
      const keys = [subject.own, subject.other].sort().map(fromHex)
      const before = subject.identity == null ? [] : [fromHex(subject.identity)]

      expect(safetyNumber(subject as SafetySubject)).to.equal(number).and.equal(digitsOf(await digest(domain, ...before, ...keys)))
      expect(encodeSafetyCode(subject as SafetySubject)).to.equal(code)
    }
  })

  it('[ID43] are the same on both sides', () => {
    fc.assert(fc.property(key, key, key, (a, b, c) => {
      const [own, other, identity] = [identityId(a), identityId(b), identityId(c)]
      const [here, there] = [deviceId(a), deviceId(b)]

      expect(safetyNumber({ own, other })).to.equal(safetyNumber({ own: other, other: own })).and.match(/^(\d{5} ){11}\d{5}$/)
      expect(safetyNumber({ identity, own: here, other: there })).to.equal(safetyNumber({ identity, own: there, other: here }))
    }), { numRuns: 200 })
  })

  it('[ID43] differ for each other pair, for devices, and for the identity that they are of', () => {
    const numbers = [
      { own: anna, other: bert }, { own: anna, other: carl }, { own: bert, other: carl },
      { identity: anna, own: phone, other: laptop }, { identity: bert, own: phone, other: laptop }, { identity: anna, own: phone, other: tablet }
    ].map(safetyNumber)

    expect(new Set(numbers).size).to.equal(numbers.length)
    expect(new Set(numbers.flatMap(number => number.split(' '))).size).to.be.above(60)
  })

  it('[ID46] the code on the other screen is the same where both know the true keys', () => {
    expect(isSameSafety(encodeSafetyCode({ own: bert, other: anna }), { own: anna, other: bert })).to.equal(true)
    expect(isSameSafety(` ${encodeSafetyCode({ identity: carl, own: laptop, other: phone })}\n`, { identity: carl, own: phone, other: laptop })).to.equal(true)
  })

  it('[ID46] it is not the same when either side knows another key, or compares something else', () => {
    const believed = { own: anna, other: bert }
    const others: SafetySubject[] = [
      { own: carl, other: anna }, { own: bert, other: carl }, { own: anna, other: bert },
      { identity: anna, own: deviceId(idBytes(bert)), other: deviceId(idBytes(anna)) }
    ]

    for (const other of others) {
      expect(isSameSafety(encodeSafetyCode(other), believed)).to.equal(false)
    }

    expect(isSameSafety(encodeSafetyCode({ identity: bert, own: laptop, other: phone }), { identity: anna, own: phone, other: laptop })).to.equal(false)
  })

  it('[ID45] what is no such code is refused by name', () => {
    const believed = { own: anna, other: bert }
    const good = decodeCanonical(fromBase64url(encodeSafetyCode(believed)), { maxBytes: 200 }) as unknown[]
    const malformed = [
      '', 'hello', 'é', 'x'.repeat(MAX_SAFETY_CODE_CHARACTERS), 'x'.repeat(MAX_SAFETY_CODE_CHARACTERS + 1), encodeSafetyCode(believed).padStart(MAX_SAFETY_CODE_CHARACTERS + 1, 'A'),
      ...[[...good, ...good], good.slice(0, 2), good.with(1, filled(1, 31)), [...good, null], { a: 1 }].map(value => toBase64url(encode(value)))
    ]

    for (const code of malformed) {
      expect(() => isSameSafety(code, believed), code).to.throw(Error).with.property('name', 'MalformedError')
    }

    expect(() => isSameSafety(toBase64url(encode(good.with(0, 2))), believed)).to.throw(Error).with.property('name', 'UnknownVersionError')
  })
})
