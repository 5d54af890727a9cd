import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { LimitExceededError, MalformedError } from '../../src/errors.ts'
import { MAX_FOLLOW_BYTES, MAX_SOURCE_ADDRESS_BYTES, MAX_SOURCE_ADDRESSES, MAX_SOURCE_PATH_BYTES, MAX_SOURCE_PEER_BYTES, MAX_SOURCES } from '../../src/follow/constants.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeNotice, encodeRequest } from '../../src/follow/messages.ts'
import { spaceId } from '../../src/ids.ts'
import type { FollowAnswer } from '../../src/follow/messages.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'

const PEER = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
const SPACE = new Uint8Array(32).fill(9)

const sources = fc.array(fc.record<RelayInfo>({
  peer: fc.constant(PEER),
  addrs: fc.array(fc.string({ maxLength: 40 }), { maxLength: MAX_SOURCE_ADDRESSES }),
  path: fc.string({ maxLength: 20 })
}), { maxLength: MAX_SOURCES })

const requests = fc.record({
  space: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => spaceId(bytes)),
  want: fc.boolean(),
  offer: fc.boolean(),
  sources
})

function source (changes: Partial<Record<keyof RelayInfo, unknown>> = {}): unknown {
  return { peer: PEER, addrs: ['/dns4/relay.example/tcp/443/tls/ws'], path: 'p', ...changes }
}

function request (changes: Record<string, unknown> = {}): Uint8Array {
  return encode({ space: SPACE, want: true, offer: false, sources: [source()], ...changes })
}

describe('follow: messages', () => {
  it('[FO2] reads back every request', () => {
    fc.assert(fc.property(requests, value => {
      expect(decodeRequest(encodeRequest(value))).to.deep.equal(value)
    }), { numRuns: 500 })
  })

  it('[FO2] wants and does not offer unless told otherwise, and leaves out what a relay need not know', () => {
    const info: RelayInfo = { peer: PEER, addrs: [], path: '', name: 'Anna\'s', stun: 'host:3478' }

    expect(decodeRequest(encodeRequest({ space: spaceId(SPACE), sources: [info, info, info] }))).to.deep.equal({
      space: spaceId(SPACE), want: true, offer: false, sources: [{ peer: PEER, addrs: [], path: '' }, { peer: PEER, addrs: [], path: '' }]
    })
  })

  it('[FO3] reads back every answer, and takes a reason of a later version for one of policy', () => {
    const answers: FollowAnswer[] = [{ ok: true }, { ok: false, reason: 'cap' }, { ok: false, reason: 'policy' }, { ok: false, reason: 'malformed' }]

    for (const answer of answers) {
      expect(decodeAnswer(encodeAnswer(answer))).to.deep.equal(answer)
    }

    expect(decodeAnswer(encode({ ok: false, reason: 'moon' }))).to.deep.equal({ ok: false, reason: 'policy' })
    expect(() => decodeAnswer(encode({ ok: false }))).to.throw(MalformedError)
  })

  it('[FO6] reads back a notice', () => {
    expect(decodeRequest(encodeNotice({ topics: 1_000 }))).to.deep.equal({ topics: 1_000 })
  })

  it('[FO4] refuses one past every limit', () => {
    const long = (bytes: number): string => 'x'.repeat(bytes)
    const past: Array<[Uint8Array, unknown]> = [
      [request({ sources: Array.from({ length: MAX_SOURCES + 1 }, () => source()) }), LimitExceededError],
      [request({ sources: [source({ addrs: Array.from({ length: MAX_SOURCE_ADDRESSES + 1 }, () => 'a') })] }), LimitExceededError],
      [request({ sources: [source({ addrs: [long(MAX_SOURCE_ADDRESS_BYTES + 1)] })] }), LimitExceededError],
      [request({ sources: [source({ path: long(MAX_SOURCE_PATH_BYTES + 1) })] }), LimitExceededError],
      [request({ sources: [source({ peer: long(MAX_SOURCE_PEER_BYTES + 1) })] }), LimitExceededError],
      [request({ extra: new Uint8Array(MAX_FOLLOW_BYTES) }), LimitExceededError],
      [request({ space: new Uint8Array(33) }), MalformedError],
      [request({ space: new Uint8Array(31) }), MalformedError],
      [request({ sources: [source({ peer: 'nobody' })] }), MalformedError],
      [request({ want: 1 }), MalformedError],
      [request({ extra: 1 }), MalformedError],
      [encode({ topics: -1 }), MalformedError],
      [encode({ topics: 1, space: SPACE }), MalformedError]
    ]

    for (const [bytes, error] of past) {
      expect(() => decodeRequest(bytes)).to.throw(error as typeof MalformedError)
    }

    expect(() => decodeRequest(request({
      sources: Array.from({ length: MAX_SOURCES }, () => source({
        addrs: Array.from({ length: MAX_SOURCE_ADDRESSES }, () => long(MAX_SOURCE_ADDRESS_BYTES)), path: long(MAX_SOURCE_PATH_BYTES)
      }))
    }))).to.not.throw()
  })

  it('[FO4] meets arbitrary and damaged bytes with a named error or a value, never anything else', () => {
    const damaged = fc.tuple(requests, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = encodeRequest(value)
      bytes[at % bytes.length] = byte

      return bytes
    })

    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), bytes => {
      for (const decode of [decodeRequest, decodeAnswer]) {
        try {
          decode(bytes)
        } catch (err) {
          expect(err).to.satisfy((error: unknown) => error instanceof MalformedError || error instanceof LimitExceededError)
        }
      }
    }), { numRuns: 5_000 })
  })
})
