import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { MAX_HELLO_BYTES } from '../../src/hello/constants.ts'
import { decodeMessage, encodeMessage } from '../../src/hello/messages.ts'
import { deviceId } from '../../src/ids.ts'
import { MAX_NAME_BYTES, MAX_RECORD_BYTES, MAX_RELAYS } from '../../src/limits.ts'
import { relayInfo } from '../relay-info/relays.ts'
import type { HelloMessage } from '../../src/hello/messages.ts'

const device = { record: new Uint8Array(500).fill(1), device: deviceId(new Uint8Array(32).fill(2)), signature: new Uint8Array(64).fill(3) }
const token = { id: new Uint8Array(8), mac: new Uint8Array(32) }
const ERRORS = ['MalformedError', 'LimitExceededError', 'MalformedIdError']

async function examples (): Promise<HelloMessage[]> {
  return [
    { type: 'hello', nonce: new Uint8Array(32) },
    { type: 'nonce', nonce: new Uint8Array(32).fill(9) },
    { type: 'proof', proof: { device } },
    { type: 'proof', proof: { token } },
    { type: 'proof', proof: { device, token } },
    { type: 'yes', device },
    { type: 'yes', device, card: { relays: [await relayInfo(1)], name: 'phone' } },
    { type: 'done', card: { relays: [] } },
    { type: 'done' },
    { type: 'no' }
  ]
}

describe('hello messages', () => {
  it('[HE3] come back as they were', async () => {
    for (const message of await examples()) {
      expect(decodeMessage(encodeMessage(message))).to.deep.equal(message)
    }
  })

  it('[HE4] unknown fields are ignored, unknown types are not', () => {
    expect(decodeMessage(encode({ type: 'no', because: 'x' }))).to.deep.equal({ type: 'no' })
    expect(() => decodeMessage(encode({ type: 'maybe' }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodeMessage(encode({}))).to.throw().with.property('name', 'MalformedError')
  })

  it('[HE5] a proof shows something', () => {
    expect(() => decodeMessage(encode({ type: 'proof' }))).to.throw().with.property('name', 'MalformedError')
  })

  it('[HE6] every limit holds, and one past it does not', async () => {
    const relay = await relayInfo(1)
    const cases: Array<[HelloMessage, HelloMessage]> = [
      [{ type: 'proof', proof: { device: { ...device, record: new Uint8Array(MAX_RECORD_BYTES) } } }, { type: 'proof', proof: { device: { ...device, record: new Uint8Array(MAX_RECORD_BYTES + 1) } } }],
      [{ type: 'done', card: { relays: Array(MAX_RELAYS).fill(relay) } }, { type: 'done', card: { relays: Array(MAX_RELAYS + 1).fill(relay) } }],
      [{ type: 'done', card: { relays: [], name: 'x'.repeat(MAX_NAME_BYTES) } }, { type: 'done', card: { relays: [], name: 'x'.repeat(MAX_NAME_BYTES + 1) } }]
    ]

    for (const [most, tooMuch] of cases) {
      expect(decodeMessage(encodeMessage(most))).to.deep.equal(most)
      expect(() => encodeMessage(tooMuch)).to.throw().with.property('name', 'LimitExceededError')
    }

    expect(() => decodeMessage(new Uint8Array(MAX_HELLO_BYTES + 1))).to.throw().with.property('name', 'LimitExceededError')
    expect(() => decodeMessage(encode({ type: 'hello', nonce: new Uint8Array(31) }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodeMessage(encode({ type: 'hello', nonce: new Uint8Array(33) }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodeMessage(encode({ type: 'proof', token: { ...token, id: new Uint8Array(9) } }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodeMessage(encode({ type: 'proof', token: { ...token, mac: new Uint8Array(33) } }))).to.throw().with.property('name', 'MalformedError')
  })

  it('[HE9] 5,000 odd inputs give a message or a named error', async () => {
    const valid = (await examples()).map(encodeMessage)
    const mutated = fc.tuple(fc.constantFrom(...valid), fc.nat(), fc.nat(255), fc.nat(9)).map(([from, at, byte, cut]) => {
      const bytes = Uint8Array.from(from)

      bytes[at % bytes.length] = byte

      return cut === 0 ? bytes.subarray(0, at % bytes.length) : bytes
    })
    const part = fc.oneof(
      fc.string({ maxLength: 10 }), fc.integer(), fc.constant(null), fc.uint8Array({ maxLength: 70 }),
      fc.record({ record: fc.uint8Array(), device: fc.uint8Array({ minLength: 31, maxLength: 33 }), signature: fc.uint8Array({ minLength: 63, maxLength: 65 }) }, { requiredKeys: [] }),
      fc.record({ relays: fc.array(fc.anything({ maxDepth: 0, values: [fc.string(), fc.integer()] })), name: fc.string() }, { requiredKeys: [] })
    )
    const shaped = fc.record({
      type: fc.oneof(fc.constantFrom('hello', 'nonce', 'proof', 'yes', 'done', 'no'), part), nonce: part, device: part, token: part, card: part
    }, { requiredKeys: [] }).map(fields => {
      try {
        return encode(fields)
      } catch {
        return new Uint8Array()
      }
    })

    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated, shaped), bytes => {
      try {
        decodeMessage(bytes)
      } catch (err) {
        expect(ERRORS).to.include((err as Error).name)
      }
    }), { numRuns: 5_000 })
  })
})
