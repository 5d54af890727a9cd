import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { LimitExceededError, MalformedError } from '../../src/errors.ts'
import { decodeMessage, encodeMessage, isTopic, topicOf } from '../../src/gossip/index.ts'
import { messageId } from '../../src/gossip/settings.ts'
import { spaceId } from '../../src/ids.ts'
import { MAX_GOSSIP_BYTES } from '../../src/limits.ts'

const kinds = fc.constantFrom('record' as const, 'entry' as const, 'heads' as const, 'fork' as const)

describe('gossip: messages and topics', () => {
  it('[GO2] derives a short topic that says nothing of the space', () => {
    expect(topicOf(spaceId(new Uint8Array(32)))).to.equal('/pergola/1/aa6ho1pta0SZ3SlZmHY78A')
    expect(topicOf(spaceId(new Uint8Array(32)))).to.have.length(33)
    expect(isTopic(topicOf(spaceId(new Uint8Array(32).fill(1))))).to.equal(true)
    expect(['', '/pergola/1/', '/pergola/1/aaaaaaaaaaaaaaaaaaaaa', '/pergola/1/aaaaaaaaaaaaaaaaaaaaaaa', '/pergola/2/aaaaaaaaaaaaaaaaaaaaaa', '/pergola/1/aaaaaaaaaaaaaaaaaaaaa+'].filter(isTopic)).to.deep.equal([])
  })

  it('[GO3] reads back every message', () => {
    fc.assert(fc.property(kinds, fc.uint8Array({ maxLength: 2_000 }), (kind, bytes) => {
      expect(decodeMessage(encodeMessage(kind, bytes))).to.deep.equal({ kind, bytes })
    }), { numRuns: 500 })
  })

  it('[GO3] does not know kinds of later versions, and does not mind them', () => {
    expect(decodeMessage(encode(['poem', new Uint8Array(3)]))).to.equal(undefined)
    expect(decodeMessage(encode(['poem', 'in', 'verses']))).to.equal(undefined)
  })

  it('[GO4] refuses one byte past the size of a message, in both directions', () => {
    const head = encodeMessage('entry', new Uint8Array(60_000)).length - 60_000
    const fits = new Uint8Array(MAX_GOSSIP_BYTES - head)
    const message = encodeMessage('entry', fits)

    expect(message).to.have.length(MAX_GOSSIP_BYTES)
    expect(decodeMessage(message)?.bytes).to.have.length(fits.length)
    expect(() => encodeMessage('entry', new Uint8Array(fits.length + 1))).to.throw(LimitExceededError)
    expect(() => decodeMessage(encode(['entry', new Uint8Array(fits.length + 1)]))).to.throw(LimitExceededError)
  })

  it('[GO4] refuses what is not a kind and bytes', () => {
    const malformed = [[], ['entry'], ['entry', 'text'], ['entry', new Uint8Array(1), 1], [1, new Uint8Array(1)], { kind: 'entry' }]

    for (const value of malformed) {
      expect(() => decodeMessage(encode(value))).to.throw(MalformedError)
    }

    expect(() => decodeMessage(encode(['a kind that is too long', new Uint8Array(1)]))).to.throw(LimitExceededError)
    expect(() => decodeMessage(encode(['poem', ...new Array(16).fill(1)]))).to.throw(LimitExceededError)
  })

  it('[GO4] meets arbitrary and damaged bytes with a named error or a value, never anything else', () => {
    const damaged = fc.tuple(kinds, fc.uint8Array({ maxLength: 100 }), fc.nat(), fc.nat(255)).map(([kind, bytes, at, byte]) => {
      const message = encodeMessage(kind, bytes)
      message[at % message.length] = byte

      return message
    })

    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), bytes => {
      try {
        decodeMessage(bytes)
      } catch (err) {
        expect(err).to.satisfy((error: unknown) => error instanceof MalformedError || error instanceof LimitExceededError)
      }
    }), { numRuns: 5_000 })
  })

  it('[GO5] names a message by topic and data', () => {
    const data = new Uint8Array(5)

    expect(messageId('/pergola/1/a', data)).to.not.deep.equal(messageId('/pergola/1/b', data))
    expect(messageId('/pergola/1/a', data)).to.not.deep.equal(messageId('/pergola/1/a', new Uint8Array(6)))
    expect(messageId('/pergola/1/a', data)).to.have.length(32)
  })
})
