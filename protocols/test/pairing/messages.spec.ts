import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { LimitExceededError, MalformedError } from '../../src/errors.ts'
import { deviceId } from '../../src/ids.ts'
import { MAX_RECORD_BYTES, MAX_RELAYS } from '../../src/limits.ts'
import { MAX_DEVICE_NAME_BYTES, MAX_PAIRED_PEERS, MAX_PAIRED_READING_KEYS, MAX_PAIRING_FRAME_BYTES } from '../../src/pairing/constants.ts'
import { agreement, greeting, offer, open, seal, welcome } from '../../src/pairing/messages.ts'
import { MAX_ADDR_CHARACTERS, MAX_ADDRS, MAX_PATH_CHARACTERS, MAX_RELAY_NAME_BYTES, relayInfoValue } from '../../src/relay-info/index.ts'
import { cases } from '../cases.ts'
import { relayInfo } from '../relay-info/relays.ts'
import type { Transcript } from '../../src/pairing/messages.ts'

const NONCE = new Uint8Array(32).fill(1)
const KEY = new Uint8Array(32).fill(2)
const PROOF = new Uint8Array(64).fill(3)
const RECORD = new Uint8Array(400).fill(4)

function transcript (changes: Partial<Transcript> = {}): Transcript {
  return { secret: new Uint8Array(16).fill(7), listingPeer: 'listing', newPeer: 'new', said: [], ...changes }
}

function agreementBytes (changes: Record<string, unknown> = {}): Uint8Array {
  return encode({ nonce: NONCE, name: 'Attic', device: KEY, x25519: KEY, role: 'home', from: 1, proof: PROOF, ...changes })
}

function welcomeBytes (changes: Record<string, unknown> = {}): Uint8Array {
  return encode({ record: RECORD, peers: ['peer'], relays: [], reading: [KEY], own: KEY, ...changes })
}

describe('pairing: messages', () => {
  it('[PA2] a frame is read back by whoever shares the secret and heard the same', () => {
    const [from, to] = [transcript(), transcript()]

    for (const [step, body] of [greeting.encode({ commitment: NONCE }), offer.encode({ nonce: NONCE, record: RECORD })].entries()) {
      expect(open(to, step + 1, seal(from, step + 1, body))).to.deep.equal(body)
    }

    expect(to.said).to.deep.equal(from.said)
  })

  it('[PA2] a frame is for one secret, two peers, one step and what was said before', () => {
    const frame = seal(transcript(), 1, NONCE)
    const others: Array<[Partial<Transcript>, number]> = [
      [{ secret: new Uint8Array(16) }, 1], [{ listingPeer: 'new', newPeer: 'listing' }, 1], [{ newPeer: 'third' }, 1], [{ said: [NONCE] }, 1], [{}, 2]
    ]

    for (const [changes, step] of others) {
      const other = transcript(changes)

      expect(open(other, step, frame)).to.equal(undefined)
      expect(other.said).to.deep.equal(changes.said ?? [])
    }
  })

  it('[PA2] not one bit may differ', () => {
    const frame = seal(transcript(), 1, greeting.encode({ commitment: NONCE }))

    fc.assert(fc.property(fc.nat(frame.length * 8 - 1), bit => {
      const changed = frame.slice()

      changed[bit >> 3] ^= 1 << (bit & 7)

      try {
        expect(open(transcript(), 1, changed)).to.equal(undefined)
      } catch (err) {
        expect(err).to.be.an.instanceOf(Error).with.property('name').that.matches(/^(Malformed|LimitExceeded)\w*Error$/)
      }
    }), { numRuns: 500 })
  })

  it('reads back what it wrote', async () => {
    const entry = { device: deviceId(KEY), x25519: KEY, role: 'home' as const, from: 1, proof: PROOF }
    const { name, stun, ...info } = await relayInfo()

    expect(greeting.decode(greeting.encode({ commitment: NONCE }))).to.deep.equal({ commitment: NONCE })
    expect(offer.decode(offer.encode({ nonce: NONCE, record: RECORD }))).to.deep.equal({ nonce: NONCE, record: RECORD })
    expect(agreement.decode(agreement.encode({ nonce: NONCE, name: 'Attic', entry }))).to.deep.equal({ nonce: NONCE, name: 'Attic', entry })
    const said = { record: RECORD, peers: ['a', 'b'], relays: [info], reading: [KEY, NONCE], own: KEY }

    expect(welcome.decode(welcome.encode(said))).to.deep.equal(said)
    expect(welcome.decode(welcome.encodeNo())).to.equal(false)
  })

  it('[PA3] [PA4] [PA5] a commitment and a nonce have exactly 32 bytes', () => {
    for (const length of [31, 33]) {
      expect(() => greeting.decode(encode({ commitment: new Uint8Array(length) }))).to.throw(MalformedError)
      expect(() => agreement.decode(agreementBytes({ nonce: new Uint8Array(length) }))).to.throw(MalformedError)
      expect(() => offer.decode(encode({ nonce: new Uint8Array(length), record: RECORD }))).to.throw(MalformedError)
    }
  })

  it('[PA5] an agreement has a short name, a role, and keys of the right length', () => {
    expect(agreement.decode(agreementBytes({ name: 'x'.repeat(MAX_DEVICE_NAME_BYTES) })).name).to.have.length(MAX_DEVICE_NAME_BYTES)

    for (const changes of [
      { name: '' }, { name: 'x'.repeat(MAX_DEVICE_NAME_BYTES + 1) }, { role: 'relay' }, { device: new Uint8Array(31) }, { x25519: new Uint8Array(33) },
      { proof: new Uint8Array(65) }, { from: -1 }, { more: true }
    ]) {
      expect(() => agreement.decode(agreementBytes(changes)), JSON.stringify(changes)).to.throw(Error).with.property('name').that.matches(/^(Malformed|LimitExceeded)/)
    }
  })

  it(`[PA6] a welcome names at most ${MAX_PAIRED_PEERS} devices, ${MAX_RELAYS} relays and ${MAX_PAIRED_READING_KEYS} reading keys`, async () => {
    const relay = relayInfoValue(await relayInfo())
    const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `peer${index}`)

    expect(welcome.decode(welcomeBytes({ peers: many(MAX_PAIRED_PEERS), relays: Array(MAX_RELAYS).fill(relay), reading: Array(MAX_PAIRED_READING_KEYS).fill(KEY) })))
      .to.have.property('peers').with.length(MAX_PAIRED_PEERS)
    expect(() => welcome.decode(welcomeBytes({ peers: many(MAX_PAIRED_PEERS + 1) }))).to.throw(LimitExceededError)
    expect(() => welcome.decode(welcomeBytes({ relays: Array(MAX_RELAYS + 1).fill(relay) }))).to.throw(LimitExceededError)
    expect(() => welcome.decode(welcomeBytes({ peers: ['x'.repeat(129)] }))).to.throw(LimitExceededError)
    expect(() => welcome.decode(welcomeBytes({ reading: Array(MAX_PAIRED_READING_KEYS + 1).fill(KEY) }))).to.throw(LimitExceededError)
    expect(() => welcome.decode(welcomeBytes({ reading: [new Uint8Array(31)] }))).to.throw(MalformedError)
    expect(() => welcome.decode(welcomeBytes({ own: new Uint8Array(33) }))).to.throw(MalformedError)
    expect(() => welcome.decode(welcomeBytes({ more: true }))).to.throw(MalformedError)
    expect(() => welcome.decode(encode(true))).to.throw(MalformedError)
  })

  it('[PA6] a welcome in which everything is at its limit fits in a frame', async () => {
    const info = await relayInfo()
    const addr = `/dns4/${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(52)}/tcp/443/tls/ws`
    const full = { ...info, addrs: Array.from({ length: MAX_ADDRS }, (_, i) => addr.replace('a', String(i))), path: 'p'.repeat(MAX_PATH_CHARACTERS), name: 'n'.repeat(MAX_RELAY_NAME_BYTES) }
    const frame = seal(transcript(), 4, welcome.encode({
      record: new Uint8Array(MAX_RECORD_BYTES),
      peers: Array(MAX_PAIRED_PEERS).fill('x'.repeat(128)),
      relays: Array(MAX_RELAYS).fill(full),
      reading: Array(MAX_PAIRED_READING_KEYS).fill(KEY),
      own: KEY
    }))

    expect(addr).to.have.length(MAX_ADDR_CHARACTERS)
    expect(frame.length).to.be.at.most(MAX_PAIRING_FRAME_BYTES)
    expect(open(transcript(), 4, frame)).to.not.equal(undefined)
  })

  it('a message may fill a frame and not exceed it', () => {
    const head = encode({ nonce: NONCE, record: new Uint8Array(30_000) }).length - 30_000
    const fits = MAX_PAIRING_FRAME_BYTES - head

    expect(offer.decode(encode({ nonce: NONCE, record: new Uint8Array(fits) })).record).to.have.length(fits)
    expect(() => offer.decode(encode({ nonce: NONCE, record: new Uint8Array(fits + 1) }))).to.throw(LimitExceededError)
  })

  const decoders = { greeting: greeting.decode, offer: offer.decode, agreement: agreement.decode, welcome: welcome.decode, frame: (bytes: Uint8Array) => open(transcript(), 1, bytes) }
  const seeds = [encode({ commitment: NONCE }), encode({ nonce: NONCE, record: RECORD }), agreementBytes(), welcomeBytes(), seal(transcript(), 2, NONCE)]
  const changed = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 4 })).map(([seed, changes]) => {
    const bytes = seed.slice()

    changes.forEach(([at, value]) => { bytes[at % bytes.length] = value })

    return bytes
  })

  for (const [name, decode] of Object.entries(decoders)) {
    it(`whatever comes as ${name} is read or refused by name, ${cases} cases`, () => {
      fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), changed), bytes => {
        try {
          decode(bytes)
        } catch (err) {
          expect(err).to.be.an.instanceOf(Error).with.property('name').that.matches(/^(Malformed|MalformedId|LimitExceeded)Error$/)
        }
      }), { numRuns: cases })
    }).timeout(60_000)
  }
})
