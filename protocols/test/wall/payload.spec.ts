import { expect } from 'aegir/chai'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { entryId } from '../../src/ids.ts'
import { MAX_ALT_BYTES, MAX_BIO_BYTES, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES, MAX_POST_IMAGES, MAX_POST_TEXT_BYTES, MAX_RELAYS } from '../../src/limits.ts'
import { MAX_KIND_BYTES, MAX_MEDIA_BYTES, MAX_MEDIA_TYPE_CHARACTERS } from '../../src/wall/constants.ts'
import { decodePayload, encodePayload, MAX_AFTER, MAX_BLUR_BYTES, MAX_LANG_CHARACTERS, MAX_WARNING_BYTES } from '../../src/wall/index.ts'
import { countingRandom, imageRef } from './make-entries.ts'
import type { Fields } from '../../src/codec/index.ts'
import type { Payload } from '../../src/wall/index.ts'

const id = entryId(new Uint8Array(32).fill(5))
const other = entryId(new Uint8Array(32).fill(6))
const relay = { peer: '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8', addrs: ['/dns4/relay.example/tcp/443/tls/ws'], path: 'p', stun: 'relay.example:3478', name: 'Relay' }
const image = imageRef('a')

const examples: Payload[] = [
  { kind: 'post', text: '' },
  { kind: 'post', text: 'Hello', lang: 'zh-Hans', warning: 'spiders', images: [image, imageRef('b')] },
  { kind: 'edit', of: id, after: [other], text: 'Hello again' },
  { kind: 'tombstone', of: id },
  { kind: 'profile', name: 'Ada', after: [] },
  { kind: 'profile', name: 'Ada', bio: 'counts', avatar: image, after: [id, other] },
  { kind: 'reach', relays: [], after: [] },
  { kind: 'reach', relays: [relay], after: [id] }
]

function encodeNow (payload: Payload): Uint8Array {
  return encodePayload(payload, countingRandom())
}

/** The bytes of a payload after its decoded fields were changed */
function changed (payload: Payload, change: (fields: Fields) => void): Uint8Array {
  const fields = decodeCanonical(encodeNow(payload), { maxBytes: MAX_PAYLOAD_BYTES }) as Fields

  change(fields)

  return encode(fields)
}

describe('wall payloads', () => {
  for (const payload of examples) {
    it(`[WA1] a ${payload.kind} comes back as it was (${Object.keys(payload).length} fields)`, () => {
      expect(decodePayload(encodeNow(payload))).to.deep.equal(payload)
    })
  }

  it('[WA2] the same text gives other bytes each time, because of 16 bytes of salt', () => {
    const random = countingRandom()
    const first = encodePayload({ kind: 'post', text: 'yes' }, random)
    const second = encodePayload({ kind: 'post', text: 'yes' }, random)

    expect(first).to.not.deep.equal(second)
    expect(first.length).to.equal(second.length)
    expect(() => decodePayload(changed(examples[0], fields => { delete fields.salt }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePayload(changed(examples[0], fields => { fields.salt = new Uint8Array(15) }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePayload(changed(examples[0], fields => { fields.salt = new Uint8Array(17) }))).to.throw().with.property('name', 'MalformedError')
  })

  it('[WA3] a payload of 32 KiB is read, one byte more is not', () => {
    const overhead = encode({ kind: 'poem', salt: new Uint8Array(16), text: 'x'.repeat(30_000) }).length - 30_000
    const make = (length: number): Uint8Array => encode({ kind: 'poem', salt: new Uint8Array(16), text: 'x'.repeat(length - overhead) })

    expect(make(MAX_PAYLOAD_BYTES).length).to.equal(MAX_PAYLOAD_BYTES)
    expect(decodePayload(make(MAX_PAYLOAD_BYTES))).to.deep.equal({ kind: 'unknown', name: 'poem' })
    expect(() => decodePayload(make(MAX_PAYLOAD_BYTES + 1))).to.throw().with.property('name', 'LimitExceededError')
  })

  it('[WA4] a kind of a later version is read as unknown, and cannot be made', () => {
    expect(decodePayload(encode({ kind: 'dance', salt: new Uint8Array(16), steps: [1] }))).to.deep.equal({ kind: 'unknown', name: 'dance' })
    expect(() => encodeNow({ kind: 'unknown', name: 'dance' })).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePayload(encode({ kind: 'x'.repeat(MAX_KIND_BYTES + 1), salt: new Uint8Array(16) }))).to.throw().with.property('name', 'LimitExceededError')
  })

  it('[WA5] unknown fields of a known kind are ignored, also inside images', () => {
    expect(decodePayload(changed(examples[1], fields => {
      fields.mood = 'blue';
      (fields.images as Fields[])[0].frame = { colour: 'gold' }
    }))).to.deep.equal(examples[1])
  })

  it('[WA6] bytes that are not the canonical form are refused', () => {
    // {"kind": "post", "salt": …, "text": ""} with its keys in another order
    const bytes = encodeNow(examples[0])
    const swapped = Uint8Array.from([bytes[0], ...bytes.subarray(11), ...bytes.subarray(1, 11)])

    expect(() => decodePayload(swapped)).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePayload(encode([1, 2]))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodePayload(new Uint8Array())).to.throw().with.property('name', 'MalformedError')
  })

  it('[WA7] a missing or mistyped field is refused', () => {
    const wrong: Array<[Payload, (fields: Fields) => void]> = [
      [examples[0], fields => { delete fields.kind }],
      [examples[0], fields => { fields.kind = 7 }],
      [examples[0], fields => { delete fields.text }],
      [examples[0], fields => { fields.text = Uint8Array.of(1) }],
      [examples[0], fields => { fields.lang = null }],
      [examples[0], fields => { fields.lang = 'zh_Hans' }],
      [examples[0], fields => { fields.images = {} }],
      [examples[2], fields => { fields.of = new Uint8Array(32) }],
      [examples[2], fields => { delete fields.after }],
      [examples[2], fields => { fields.after = [1] }],
      [examples[4], fields => { fields.name = '' }],
      [examples[5], fields => { fields.avatar = [] }],
      [examples[7], fields => { fields.relays = [7] }]
    ]

    for (const [payload, change] of wrong) {
      expect(() => decodePayload(changed(payload, change)), change.toString()).to.throw().with.property('name', 'MalformedError')
    }

    expect(() => decodePayload(changed(examples[3], fields => { fields.of = image.small.cid }))).to.throw().with.property('name', 'MalformedIdError')
  })

  const limits: Array<[string, number, (length: number) => Payload]> = [
    ['text', MAX_POST_TEXT_BYTES, length => ({ kind: 'post', text: 'x'.repeat(length) })],
    ['warning', MAX_WARNING_BYTES, length => ({ kind: 'post', text: '', warning: 'x'.repeat(length) })],
    ['alt', MAX_ALT_BYTES, length => ({ kind: 'post', text: '', images: [{ ...image, alt: 'x'.repeat(length) }] })],
    ['blur', MAX_BLUR_BYTES, length => ({ kind: 'post', text: '', images: [{ ...image, blur: new Uint8Array(length) }] })],
    ['images', MAX_POST_IMAGES, length => ({ kind: 'post', text: '', images: Array.from({ length }, () => image) })],
    ['name', MAX_NAME_BYTES, length => ({ kind: 'profile', name: 'x'.repeat(length), after: [] })],
    ['bio', MAX_BIO_BYTES, length => ({ kind: 'profile', name: 'x', bio: 'x'.repeat(length), after: [] })],
    ['after', MAX_AFTER, length => ({ kind: 'edit', of: id, after: Array.from({ length }, () => id), text: '' })],
    ['relays', MAX_RELAYS, length => ({ kind: 'reach', relays: Array.from({ length }, () => relay), after: [] })],
    ['media type', MAX_MEDIA_TYPE_CHARACTERS, length => ({ kind: 'post', text: '', images: [{ ...image, small: { ...image.small, type: `image/${'x'.repeat(length - 6)}` } }] })]
  ]

  for (const [what, max, make] of limits) {
    it(`[WA8] ${what}: ${max} go in, one more does not`, () => {
      expect(decodePayload(encodeNow(make(max)))).to.deep.equal(make(max))
      expect(() => encodeNow(make(max + 1))).to.throw().with.property('name', 'LimitExceededError')
    })
  }

  it('[WA8] a file may claim 2^40 bytes, not one more', () => {
    const sized = (size: number): Payload => ({ kind: 'post', text: '', images: [{ ...image, large: { ...image.large, size } }] })

    expect(decodePayload(encodeNow(sized(MAX_MEDIA_BYTES)))).to.deep.equal(sized(MAX_MEDIA_BYTES))
    expect(() => encodeNow(sized(MAX_MEDIA_BYTES + 1))).to.throw().with.property('name', 'MalformedError')
  })

  it('[WA8] lang: a tag of 35 characters goes in, a longer one does not', () => {
    const lang = 'abcdefgh-abcdefgh-abcdefgh-abcdefgh'

    expect(lang.length).to.equal(MAX_LANG_CHARACTERS)
    expect(decodePayload(encodeNow({ kind: 'post', text: '', lang }))).to.have.property('lang', lang)
    expect(() => encodeNow({ kind: 'post', text: '', lang: `${lang}-a` })).to.throw().with.property('name', 'LimitExceededError')
  })

  it('[WA8] limits of text count UTF-8 bytes', () => {
    expect(() => encodeNow({ kind: 'profile', name: '名'.repeat(43), after: [] })).to.throw().with.property('name', 'LimitExceededError')
    expect(decodePayload(encodeNow({ kind: 'profile', name: '名'.repeat(42), after: [] }))).to.have.property('name', '名'.repeat(42))
  })

  it('[WA12] a file is a version 1 raw or dag-pb sha2-256 CID with sides and a media type', () => {
    const wrong = [
      { cid: CID.createV0(Digest.create(0x12, image.small.cid.multihash.digest)) },
      { cid: CID.createV1(0x71, image.small.cid.multihash) },
      { width: 0 },
      { height: 65_536 },
      { size: -1 },
      { type: 'Image/PNG' },
      { type: 'image' }
    ]

    for (const change of wrong) {
      expect(() => encodeNow({ kind: 'post', text: '', images: [{ ...image, small: { ...image.small, ...change } }] }), JSON.stringify(change))
        .to.throw().with.property('name', 'MalformedError')
    }
  })
})
