import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { base64url } from 'multiformats/bases/base64'
import { identityId } from '../../src/ids.ts'
import { MAX_LINK_MEMBERS } from '../../src/invite/constants.ts'
import { createInvite, decodeInvite, decodePairing, encodeInvite, encodePairing, MAX_INVITE_DEVICES, MAX_SECRET_BYTES } from '../../src/invite/index.ts'
import { encodeLink } from '../../src/invite/link.ts'
import { MAX_LINK_CHARACTERS, MAX_NAME_BYTES } from '../../src/limits.ts'
import { peerKey, relayInfoValue } from '../../src/relay-info/index.ts'
import { relayInfo } from '../relay-info/relays.ts'
import type { Invite } from '../../src/invite/index.ts'

const identity = identityId(new Uint8Array(32).fill(1))
const token = Uint8Array.from({ length: 16 }, (_, i) => i)
const ERRORS = ['EmptyLinkError', 'NotALinkError', 'LinkTooNewError', 'LinkCutShortError', 'LinkDamagedError']

async function invite (change: Partial<Invite> = {}): Promise<Invite> {
  return createInvite({ identity, rec: 3, relays: [await relayInfo(1)], token, devices: [(await relayInfo(9)).peer], name: 'Ada', ...change })
}

function failure (text: string, decode: (text: string) => unknown = decodeInvite): { name: string, message: string } {
  try {
    decode(text)
  } catch (err) {
    const { name, message } = err as Error

    return { name, message }
  }

  throw new Error('It was read')
}

function flip (text: string, at: number): string {
  const bytes = base64url.baseDecode(text)

  bytes[at] ^= 1

  return base64url.baseEncode(bytes)
}

describe('invite', () => {
  it('[IN10] comes back as it was, with and without what is optional', async () => {
    const full = await invite()
    const bare = createInvite({ identity, rec: 0, relays: [await relayInfo(1), await relayInfo(2)] })

    expect(decodeInvite(encodeInvite(full))).to.deep.equal(full)
    expect(decodeInvite(encodeInvite(bare))).to.deep.equal(bare)
    expect(bare).to.deep.equal({ v: 1, identity, rec: 0, relays: bare.relays, devices: [] })
  })

  it('[IN2] opens from a whole address, a fragment, and with what programs put around it', async () => {
    const full = await invite()
    const text = encodeInvite(full)
    const forms = [
      `#${text}`, `https://relay.example/app/#${text}`, `https://relay.example/?x=1#/join/${text}`, `https://relay.example/#invite=${text}`, `  ${text}\n`,
      `Join me: https://relay.example/#${text} it is nice`, `<https://relay.example/#${text}>`, `(https://relay.example/#${text}).`, `https://relay.example/#${text}.`
    ]

    for (const form of forms) {
      expect(decodeInvite(form), form).to.deep.equal(full)
    }
  })

  it('[IN3] says that nothing is there', () => {
    for (const text of ['', '  \n', '#', 'https://relay.example/', 'https://relay.example/#']) {
      expect(failure(text), text).to.have.property('name', 'EmptyLinkError')
      expect(failure(text).message).to.match(/^There is no invite/)
    }
  })

  it('[IN4] says that it is something else', async () => {
    const pairing = encodePairing({ v: 1, identity, device: (await relayInfo(9)).peer, relays: [await relayInfo(1)], secret: token, expires: 5 })

    for (const text of ['hello', 'https://example.org/#top', '#===', 'k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r', pairing, '你好', 'x'.repeat(MAX_LINK_CHARACTERS * 3)]) {
      expect(failure(text), text).to.deep.equal({ name: 'NotALinkError', message: 'This is not an invite' })
    }

    expect(failure(encodeInvite(await invite()), decodePairing)).to.deep.equal({ name: 'NotALinkError', message: 'This is not a pairing link' })
  })

  it('[IN5] says that it was made by a newer version, whatever follows', async () => {
    const bytes = base64url.baseDecode(encodeInvite(await invite()))

    bytes[1] = 2
    expect(failure(base64url.baseEncode(bytes))).to.have.property('name', 'LinkTooNewError')
    expect(failure(base64url.baseEncode(bytes.subarray(0, 30)))).to.have.property('name', 'LinkTooNewError')
  })

  it('[IN6] says that it is cut short, wherever it was cut', async () => {
    const text = encodeInvite(await invite())

    for (let length = 4; length < text.length; length++) {
      expect(failure(text.slice(0, length)), `${length}`).to.deep.equal({ name: 'LinkCutShortError', message: 'This invite is cut short: copy the whole link' })
    }
  })

  it('[IN7] says that it is damaged, whichever byte was changed', async () => {
    const text = encodeInvite(await invite())
    const bytes = base64url.baseDecode(text).length

    for (let at = 4; at < bytes; at++) {
      expect(failure(flip(text, at)), `${at}`).to.have.property('name', 'LinkDamagedError')
    }

    expect(failure(`${text}AAAA`)).to.have.property('name', 'LinkDamagedError')
  })

  it('[IN11] members that a later version added are ignored, missing ones are not', async () => {
    const { addrs, peer } = await relayInfo(1)
    const members = [new Uint8Array(32).fill(1), 3, [relayInfoValue({ addrs, peer, path: '' })], token, [peerKey(peer)], null]
    const kind = { type: 0x49, noun: 'invite', called: 'an invite' }

    expect(decodeInvite(encodeLink(kind, [...members, 'later']))).to.deep.equal({ v: 1, identity, rec: 3, relays: [{ addrs, peer, path: '' }], token, devices: [peer] })
    expect(decodeInvite(encodeLink(kind, [...members, ...Array(MAX_LINK_MEMBERS - 6).fill(0)]))).to.have.property('rec', 3)
    expect(failure(encodeLink(kind, [...members, ...Array(MAX_LINK_MEMBERS - 5).fill(0)]))).to.have.property('name', 'LinkDamagedError')
    expect(failure(encodeLink(kind, members.slice(0, 5)))).to.have.property('name', 'LinkDamagedError')
    expect(failure(encodeLink(kind, [1, 2, 3, 4, 5, 6]))).to.have.property('name', 'LinkDamagedError')
  })

  it('[IN12] names devices only together with a token', async () => {
    expect((await invite({ token: undefined })).devices).to.deep.equal([])
    expect(() => encodeInvite({ v: 1, identity, rec: 0, relays: [], devices: [] })).to.throw().with.property('name', 'MalformedError')

    const { relays, devices } = await invite()

    expect(() => encodeInvite({ v: 1, identity, rec: 0, relays, devices })).to.throw().with.property('name', 'MalformedError')
  })

  it('[IN13] every limit holds, and one past it does not', async () => {
    const { peer } = await relayInfo(9)
    const relay = { peer, addrs: ['/ip4/1.2.3.4/tcp/1'], path: '' }
    const cases: Array<[Partial<Invite>, Partial<Invite>]> = [
      [{ relays: Array(8).fill(relay) }, { relays: Array(9).fill(relay) }],
      [{ token: new Uint8Array(MAX_SECRET_BYTES) }, { token: new Uint8Array(MAX_SECRET_BYTES + 1) }],
      [{ token: new Uint8Array(16) }, { token: new Uint8Array(15) }],
      [{ devices: Array(MAX_INVITE_DEVICES).fill(peer) }, { devices: Array(MAX_INVITE_DEVICES + 1).fill(peer) }],
      [{ name: 'x'.repeat(MAX_NAME_BYTES) }, { name: 'x'.repeat(MAX_NAME_BYTES + 1) }]
    ]

    for (const [most, tooMuch] of cases) {
      expect(decodeInvite(encodeInvite(await invite(most)))).to.deep.include(most)
      await expect(invite(tooMuch)).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    }

    await expect(invite({ relays: [] })).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })

  it('[IN14] a link of more than 4,096 characters is not made', async () => {
    const label = 'a'.repeat(60)
    const long = { ...await relayInfo(1), addrs: Array(5).fill(`/dns4/${label}.${label}.example/tcp/443/tls/ws`) }
    const large = await invite({ relays: Array(3).fill(long) })

    expect(encodeInvite(large).length).to.be.below(MAX_LINK_CHARACTERS)
    expect(() => encodeInvite({ ...large, relays: Array(8).fill(long) })).to.throw().with.property('name', 'LimitExceededError')
  })

  it('[IN15] stays small: a whole link with relay, token, device and name fits a QR code of version 11', async () => {
    const relay = { peer: (await relayInfo(1)).peer, addrs: ['/dns4/relay.example.org/tcp/443/tls/ws'], path: 'Zm9vYmFyYmF6cXV4MTIzNA', stun: 'relay.example.org:3478' }
    const link = `https://relay.example.org/#${encodeInvite(await invite({ relays: [relay] }))}`

    // bytes of data at level L
    expect(link.length).to.be.at.most(321)
  })

  it('[IN16] 5,000 odd texts give an invite or one of five sentences', async () => {
    const text = encodeInvite(await invite())
    const kind = { type: 0x49, noun: 'invite', called: 'an invite' }
    const part = fc.oneof(fc.string(), fc.nat(), fc.constant(null), fc.uint8Array({ minLength: 16, maxLength: 34 }), fc.array(fc.uint8Array({ maxLength: 34 }), { maxLength: 9 }))
    const odd = fc.oneof(
      fc.string({ maxLength: 400 }),
      fc.uint8Array({ maxLength: 300 }).map(bytes => base64url.baseEncode(bytes)),
      fc.tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 })).map(([at, inserted]) => text.slice(0, at) + inserted + text.slice(at + 1)),
      fc.array(part, { maxLength: 8 }).map(members => encodeLink(kind, members))
    )

    fc.assert(fc.property(odd, each => {
      try {
        decodeInvite(each)
      } catch (err) {
        expect(ERRORS).to.include((err as Error).name)
      }
    }), { numRuns: 5_000 })
  })
})

describe('pairing link', () => {
  it('[IN20] comes back as it was', async () => {
    const pairing = { v: 1 as const, identity, device: (await relayInfo(9)).peer, relays: [await relayInfo(1)], secret: token, expires: 1_795_000_000_000 }

    expect(decodePairing(`https://relay.example/#/pair/${encodePairing(pairing)}`)).to.deep.equal(pairing)
    expect(() => encodePairing({ ...pairing, secret: new Uint8Array(15) })).to.throw().with.property('name', 'LimitExceededError')
    expect(() => encodePairing({ ...pairing, relays: [] })).to.throw().with.property('name', 'MalformedError')
    expect(() => encodePairing({ ...pairing, expires: -1 })).to.throw().with.property('name', 'MalformedError')
  })

  it('[IN21] fails with the sentences of a pairing link', async () => {
    const text = encodePairing({ v: 1, identity, device: (await relayInfo(9)).peer, relays: [await relayInfo(1)], secret: token, expires: 5 })

    expect(failure('', decodePairing).message).to.match(/^There is no pairing link/)
    expect(failure(text.slice(0, 50), decodePairing).message).to.equal('This pairing link is cut short: copy the whole link')
    expect(failure(text, decodeInvite).message).to.equal('This is not an invite')
  })

  it('[IN22] 5,000 odd texts give a pairing or one of five sentences', async () => {
    const kind = { type: 0x50, noun: 'pairing link', called: 'a pairing link' }
    const part = fc.oneof(fc.string(), fc.nat(), fc.constant(null), fc.uint8Array({ minLength: 16, maxLength: 34 }), fc.array(fc.uint8Array({ maxLength: 34 }), { maxLength: 9 }))

    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 300 }), fc.array(part, { maxLength: 8 }).map(members => encodeLink(kind, members))), each => {
      try {
        decodePairing(each)
      } catch (err) {
        expect(ERRORS).to.include((err as Error).name)
      }
    }), { numRuns: 5_000 })
  })
})
