import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { MAX_RELAY_INFO_BYTES, MAX_RELAY_INFO_MEMBERS } from '../../src/relay-info/constants.ts'
import {
  decodeRelayInfo, encodeRelayInfo, MAX_ADDR_CHARACTERS, MAX_ADDRS, MAX_PATH_CHARACTERS, MAX_RELAY_NAME_BYTES, readRelayInfo, relayInfoValue
} from '../../src/relay-info/index.ts'
import { relayInfo } from './relays.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

async function encoding (change: Partial<RelayInfo>): Promise<Uint8Array> {
  return encodeRelayInfo({ ...await relayInfo(), ...change })
}

async function value (): Promise<unknown[]> {
  return decodeCanonical(encodeRelayInfo(await relayInfo()), { maxBytes: MAX_RELAY_INFO_BYTES }) as unknown[]
}

describe('relay-info', () => {
  it('[RI1] comes back as it was, with and without what is optional', async () => {
    const info = await relayInfo()
    const { stun, name, ...bare } = info

    for (const each of [info, bare, { ...bare, path: '' }]) {
      expect(decodeRelayInfo(encodeRelayInfo(each))).to.deep.equal(each)
      expect(readRelayInfo(relayInfoValue(each))).to.deep.equal(each)
    }
  })

  it('[RI2] members that a later version added are ignored', async () => {
    expect(decodeRelayInfo(encode([...await value(), 'later', 7]))).to.deep.equal(await relayInfo())
    expect(decodeRelayInfo(encode([...await value(), ...Array(MAX_RELAY_INFO_MEMBERS - 5).fill(0)]))).to.deep.equal(await relayInfo())
    expect(() => decodeRelayInfo(encode(Array(MAX_RELAY_INFO_MEMBERS + 1).fill(0)))).to.throw().with.property('name', 'LimitExceededError')
    expect(() => decodeRelayInfo(encode([1, 2, 3, 4]))).to.throw().with.property('name', 'MalformedError')
  })

  it('[RI3] the peer is an Ed25519 key of 32 bytes', async () => {
    const [, ...rest] = await value()
    const secp = peerIdFromPrivateKey(await generateKeyPair('secp256k1')).toString()

    expect(() => decodeRelayInfo(encode([new Uint8Array(33), ...rest]))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodeRelayInfo(encode(['12D3KooW', ...rest]))).to.throw().with.property('name', 'MalformedError')
    await expect(encoding({ peer: secp })).to.eventually.be.rejected.with.property('name', 'MalformedIdError')
    await expect(encoding({ peer: 'nobody' })).to.eventually.be.rejected.with.property('name', 'MalformedIdError')
  })

  it('[RI4] takes addresses of hosts and transports', async () => {
    const addrs = [
      '/ip4/127.0.0.1/tcp/4001/ws', '/ip6/2001:db8::1/tcp/443/tls/sni/a.example/ws', '/dns/relay.example/tcp/4001', '/dns6/r.example/udp/1/quic-v1/webtransport',
      '/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234'
    ].slice(0, 4)

    expect(decodeRelayInfo(await encoding({ addrs })).addrs).to.deep.equal(addrs)
  })

  it('[RI5] refuses addresses with a peer, a path or a circuit, those that ask third parties, and what is none', async () => {
    const { peer } = await relayInfo()
    const wrong = [
      `/ip4/127.0.0.1/tcp/4001/ws/p2p/${peer}`, '/dns4/a.example/tcp/443/tls/ws/http-path/secret', `/ip4/1.2.3.4/tcp/1/p2p/${peer}/p2p-circuit`,
      '/dnsaddr/bootstrap.libp2p.io/tcp/1', '/unix/tmp', '/tcp/4001', '/ip4/1.2.3.4', '/', '', 'ws://a.example', '/dns4/a b/tcp/1', '/dns4/ü.example/tcp/1',
      '/ip4/127.0.0.1/tcp/99999/ws'
    ]

    for (const addr of wrong) {
      await expect(encoding({ addrs: [addr] }), addr).to.eventually.be.rejected.with.property('name', 'MalformedError')
    }
  })

  it('[RI6] a reader leaves out addresses that it does not understand, and refuses a relay that has no other', async () => {
    const [peer, addrs, ...rest] = await value()
    const odd = [Uint8Array.of(1), Uint8Array.of(0xf0, 0x7f, 1), new Uint8Array(), Uint8Array.of(54, 1, 0xff)]

    expect(decodeRelayInfo(encode([peer, [...odd, ...addrs as Uint8Array[]], ...rest]))).to.deep.equal(await relayInfo())
    expect(() => decodeRelayInfo(encode([peer, odd, ...rest]))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodeRelayInfo(encode([peer, [], ...rest]))).to.throw().with.property('name', 'MalformedError')
  })

  it('[RI7] the path is empty or URL-safe', async () => {
    for (const path of ['', 'a', '_a.b', 'A-9~x']) {
      expect(decodeRelayInfo(await encoding({ path })).path).to.equal(path)
    }

    for (const path of ['/a', 'a/b', '.', '..', '.a', 'a b', 'a?b', 'a%20', 'ä']) {
      await expect(encoding({ path }), path).to.eventually.be.rejected.with.property('name', 'MalformedError')
    }
  })

  it('[RI8] the STUN service is host:port', async () => {
    for (const stun of ['192.0.2.1:3478', '[2001:db8::1]:3478', 'relay.example:65535']) {
      expect(decodeRelayInfo(await encoding({ stun })).stun).to.equal(stun)
    }

    for (const stun of ['', 'relay.example', ':3478', 'a:0', 'a:65536', 'a:1?transport=tcp', 'stun:a:1', '2001:db8::1:3478', '[x]:1', '256.1.1.1:1', 'a b:1']) {
      await expect(encoding({ stun }), stun).to.eventually.be.rejected.with.property('name', 'MalformedError')
    }
  })

  it('[RI9] every limit holds, and one past it does not', async () => {
    const label = 'a'.repeat(63)
    const addr = `/dns4/${[label, label, label].join('.')}.${'b'.repeat(MAX_ADDR_CHARACTERS - 6 - 192 - 11)}/tcp/443/ws`.slice(0)
    const cases: Array<[Partial<RelayInfo>, Partial<RelayInfo>]> = [
      [{ addrs: Array(MAX_ADDRS).fill('/ip4/1.2.3.4/tcp/1') }, { addrs: Array(MAX_ADDRS + 1).fill('/ip4/1.2.3.4/tcp/1') }],
      [{ addrs: [addr] }, { addrs: [addr.replace('/tcp', 'b/tcp')] }],
      [{ path: 'x'.repeat(MAX_PATH_CHARACTERS) }, { path: 'x'.repeat(MAX_PATH_CHARACTERS + 1) }],
      [{ name: 'x'.repeat(MAX_RELAY_NAME_BYTES) }, { name: 'x'.repeat(MAX_RELAY_NAME_BYTES + 1) }],
      [{ name: 'é'.repeat(MAX_RELAY_NAME_BYTES / 2) }, { name: 'é'.repeat(MAX_RELAY_NAME_BYTES / 2 + 1) }],
      [{ stun: `${label}.${label}.${label}.${'b'.repeat(60)}.:65535` }, { stun: `${label}.${label}.${label}.${'b'.repeat(62)}:65535` }]
    ]

    expect(addr.length).to.equal(MAX_ADDR_CHARACTERS)

    for (const [most, tooMuch] of cases) {
      expect(decodeRelayInfo(await encoding(most))).to.deep.include(most)
      await expect(encoding(tooMuch), Object.keys(tooMuch)[0]).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    }

    expect(() => decodeRelayInfo(bytesOf('x'.repeat(MAX_RELAY_INFO_BYTES + 1)))).to.throw().with.property('name', 'LimitExceededError')
  })
})
