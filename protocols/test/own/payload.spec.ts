import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { deviceId, entryCid, entryId } from '../../src/ids.ts'
import { MAX_PAYLOAD_BYTES, MAX_SEQ } from '../../src/limits.ts'
import { MAX_PAST_KEYS, MAX_REGISTER_NAME_BYTES, MAX_VALUE_BYTES } from '../../src/own/index.ts'
import { decodeOwnPayload, encodeOwnPayload } from '../../src/own/payload.ts'
import { SEAL_BYTES } from '../../src/space/index.ts'
import { MAX_AFTER } from '../../src/wall/index.ts'
import { survives } from '../log/fuzz.ts'
import type { OwnPayload } from '../../src/own/payload.ts'

const link = entryId(new Uint8Array(32).fill(1))
const device = deviceId(new Uint8Array(32).fill(2))

const payloads: OwnPayload[] = [
  { kind: 'set', name: 'relays', value: Uint8Array.of(0x80), after: [link] },
  { kind: 'set', name: 'relays', value: null, after: [] },
  { kind: 'cut', device, last: { seq: 7, id: link }, after: [link] },
  { kind: 'cut', device, last: null, after: [] },
  { kind: 'past', keys: [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)] }
]

const cid = entryCid(link)
const set = { kind: 'set', name: 'a', value: null, after: [] }

describe('payloads of own devices', () => {
  it('[OW20] come back as they were', () => {
    for (const payload of payloads) {
      expect(decodeOwnPayload(encodeOwnPayload(payload))).to.deep.equal(payload)
    }
  })

  it('[OW20] fields and kinds of later versions are ignored', () => {
    expect(decodeOwnPayload(encode({ ...set, more: { a: 1 } }))).to.deep.equal({ kind: 'set', name: 'a', value: null, after: [] })
    expect(decodeOwnPayload(encode({ kind: 'merge', name: 5 }))).to.deep.equal({ kind: 'unknown', name: 'merge' })
    expect(() => encodeOwnPayload({ kind: 'unknown', name: 'merge' })).to.throw().with.property('name', 'MalformedError')
  })

  it('[OW20] a field that lacks or is of the wrong type is refused', () => {
    const wrong: unknown[] = [
      [], {}, { ...set, kind: 1 }, { ...set, name: '' }, { ...set, name: 1 }, { ...set, value: 'x' }, { ...set, after: null }, { ...set, after: ['x'] }, { kind: 'set', name: 'a', value: null },
      { kind: 'cut', device: new Uint8Array(31), last: null, after: [] }, { kind: 'cut', device: new Uint8Array(32), last: 1, after: [] },
      { kind: 'cut', device: new Uint8Array(32), last: { seq: MAX_SEQ + 1, id: cid }, after: [] }, { kind: 'past', keys: new Uint8Array(33) }, { kind: 'past' }
    ]

    for (const value of wrong) {
      expect(() => decodeOwnPayload(encode(value)), JSON.stringify(value)).to.throw().with.property('name', 'MalformedError')
    }
  })

  it('[OW21] every length is a multiple of 256 bytes', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2_000 }), length => {
      const bytes = encodeOwnPayload({ kind: 'set', name: 'a', value: new Uint8Array(length), after: [] })

      expect(bytes.length % 256).to.equal(0)
      // 300: fields, and a length that no padding gives
      expect(bytes.length).to.be.below(length + 256 + 300)
    }), { numRuns: 2_000 })
  })

  it('[OW22] the largest payload fits, one over each limit is refused', () => {
    const largest: OwnPayload = {
      kind: 'set', name: 'n'.repeat(MAX_REGISTER_NAME_BYTES), value: new Uint8Array(MAX_VALUE_BYTES), after: Array.from({ length: MAX_AFTER }, () => link)
    }

    expect(encodeOwnPayload(largest).length).to.be.at.most(MAX_PAYLOAD_BYTES - SEAL_BYTES)

    const key = new Uint8Array(32)
    const over: OwnPayload[] = [
      { ...largest, name: 'n'.repeat(MAX_REGISTER_NAME_BYTES + 1) },
      { ...largest, value: new Uint8Array(MAX_VALUE_BYTES + 1) },
      { ...largest, after: Array.from({ length: MAX_AFTER + 1 }, () => link) },
      { kind: 'past', keys: Array.from({ length: MAX_PAST_KEYS + 1 }, () => key) }
    ]

    expect(encodeOwnPayload({ kind: 'past', keys: Array.from({ length: MAX_PAST_KEYS }, () => key) })).to.not.equal(undefined)

    for (const payload of over) {
      expect(() => encodeOwnPayload(payload)).to.throw().with.property('name', 'LimitExceededError')
    }
  })

  it('[OW23] odd bytes give a payload or a named error', async function () {
    this.timeout(120_000)
    await survives(payloads.map(encodeOwnPayload), MAX_PAYLOAD_BYTES, decodeOwnPayload)
  })

  it('[OW21] the padding is zeros', () => {
    const fields = decodeCanonical(encodeOwnPayload(payloads[0]), { maxBytes: MAX_PAYLOAD_BYTES }) as { pad: Uint8Array }

    expect(fields.pad.every(byte => byte === 0)).to.equal(true)
  })
})
