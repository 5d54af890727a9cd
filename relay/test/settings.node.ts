import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect } from 'aegir/chai'
import { announcedIps, isPublicAddress, otherListeners, parseOrigin, stunAddress, webRTCDirectAddress, webSocketAddress } from '../src/address.ts'
import { connectionLimit } from '../src/http/connection-limit.ts'
import { remoteAddress, sourceOf, trustedProxies } from '../src/http/remote-address.ts'
import { originOf, settingsOf } from '../src/settings.ts'

const HASH = 'uEiAn0CcwIYwd7jEvDD1RlD1qdzspJQ4TyBvmk0gLxWp_4Q'

describe('addresses of a relay', () => {
  for (const [origin, address] of Object.entries({
    'https://example.org': '/dns/example.org/tcp/443/tls/ws',
    'https://example.org:8443': '/dns/example.org/tcp/8443/tls/ws',
    'http://127.0.0.1:4040': '/ip4/127.0.0.1/tcp/4040/ws',
    'http://192.0.2.1': '/ip4/192.0.2.1/tcp/80/ws',
    'https://[2001:db8::1]:4040': '/ip6/2001:db8::1/tcp/4040/tls/ws'
  })) {
    it(`[D4] are ${address} for ${origin}`, () => {
      expect(webSocketAddress(parseOrigin(origin))).to.equal(address)
    })
  }

  it('[D4] are those of webrtc-direct and STUN too', () => {
    expect(webRTCDirectAddress('2001:db8::1', 4041, HASH)).to.equal(`/ip6/2001:db8::1/udp/4041/webrtc-direct/certhash/${HASH}`)
    expect(stunAddress(parseOrigin('https://[2001:db8::1]'), 3478)).to.equal('[2001:db8::1]:3478')
    expect(stunAddress(parseOrigin('https://example.org:8443'), 3478)).to.equal('example.org:3478')
  })

  it('[D4] are told by their IP where that can be known', () => {
    const origin = parseOrigin('https://example.org')
    const interfaces = ['8.8.4.4', '2606:4700::1111', '10.0.0.5', '2606:4700::1112']

    expect(announcedIps({ named: ['192.0.2.9'], host: '::', origin, interfaces })).to.deep.equal(['192.0.2.9'])
    expect(announcedIps({ named: [], host: '127.0.0.1', origin, interfaces })).to.deep.equal(['127.0.0.1'])
    expect(announcedIps({ named: [], host: '::', origin, interfaces })).to.deep.equal(['8.8.4.4', '2606:4700::1111'])
    expect(announcedIps({ named: [], host: '0.0.0.0', origin: parseOrigin('https://192.0.2.7'), interfaces })).to.deep.equal(['192.0.2.7'])
    expect(announcedIps({ named: [], host: '::', origin, interfaces: ['10.0.0.5', 'fd00::1', '100.64.0.1'] })).to.deep.equal([])
  })

  it('[D4] are listened on for both families where all are meant', () => {
    const { listen, announce } = otherListeners({ host: '::', ips: ['192.0.2.1', '2001:db8::1'], webrtcPort: 4041, tcpPort: 4042, certhash: HASH })

    expect(listen).to.deep.equal(['/ip6/::/udp/4041/webrtc-direct', '/ip4/0.0.0.0/tcp/4042', '/ip6/::/tcp/4042'])
    expect(announce).to.deep.equal([
      `/ip4/192.0.2.1/udp/4041/webrtc-direct/certhash/${HASH}`, `/ip6/2001:db8::1/udp/4041/webrtc-direct/certhash/${HASH}`,
      '/ip4/192.0.2.1/tcp/4042', '/ip6/2001:db8::1/tcp/4042'
    ])
    expect(otherListeners({ host: '127.0.0.1', ips: ['127.0.0.1'], webrtcPort: 0, tcpPort: 0, certhash: HASH })).to.deep.equal({ listen: [], announce: [] })
  })

  it('[D4] are public or are not', () => {
    expect(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'].every(isPublicAddress)).to.equal(true)
    expect(['10.1.1.1', '127.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.1.1', '100.100.0.1', 'fe80::1', 'fd00::1', '::1', 'text'].some(isPublicAddress)).to.equal(false)
  })

  it('[D4] are opened as asked for, else by the name of the certificate, else by the address listened on', () => {
    const dataDir = 'unused'
    const tls = { cert: 'cert', key: 'key' }
    const origin = (init: Parameters<typeof settingsOf>[0], names: string[] = []): string =>
      originOf({ settings: settingsOf(init), port: 8443, names, interfaces: ['192.0.2.5'] }).origin

    expect(origin({ dataDir, tls, publicUrl: 'https://example.org' }, ['other.example'])).to.equal('https://example.org')
    expect(origin({ dataDir, tls }, ['example.org'])).to.equal('https://example.org:8443')
    expect(origin({ dataDir, tls })).to.equal('https://192.0.2.5:8443')
    expect(origin({ dataDir })).to.equal('http://127.0.0.1:8443')
    expect(origin({ dataDir, host: '::1' })).to.equal('http://[::1]:8443')
    expect(settingsOf({ dataDir, tls }, '0.0.0.0').host).to.equal('0.0.0.0')
    expect(settingsOf({ dataDir, behindProxy: true, publicUrl: 'https://example.org' })).to.include({ host: '127.0.0.1', udpHost: '::' })
    expect(origin({ dataDir, host: '0.0.0.0' })).to.equal('http://192.0.2.5:8443')
  })
})

describe('who is behind a reverse proxy', () => {
  const trusts = trustedProxies(['127.0.0.0/8', '::1', '10.0.0.0/8'])

  it('[D4] is the last one that no trusted proxy is', () => {
    expect(remoteAddress('127.0.0.1', '192.0.2.1', trusts)).to.equal('192.0.2.1')
    expect(remoteAddress('::ffff:127.0.0.1', '192.0.2.1, 10.2.3.4', trusts)).to.equal('192.0.2.1')
    expect(remoteAddress('::1', '2001:db8::1', trusts)).to.equal('2001:db8::1')
  })

  it('[D4] is not whom a stranger claims to be', () => {
    expect(remoteAddress('192.0.2.66', '198.51.100.1', trusts)).to.equal('192.0.2.66')
    expect(remoteAddress('127.0.0.1', '198.51.100.1, 192.0.2.66', trusts)).to.equal('192.0.2.66')
    expect(remoteAddress('127.0.0.1', '198.51.100.1', trustedProxies([]))).to.equal('127.0.0.1')
  })

  it('[D4] is the proxy where it says nothing that can be understood', () => {
    expect(remoteAddress('127.0.0.1', undefined, trusts)).to.equal('127.0.0.1')
    expect(remoteAddress('127.0.0.1', 'unknown', trusts)).to.equal('127.0.0.1')
    expect(remoteAddress('127.0.0.1', '192.0.2.1, evil', trusts)).to.equal('127.0.0.1')
    expect(remoteAddress('', undefined, trusts)).to.equal('')
  })

  it('[D5] counts as one with all of its /64', () => {
    expect(sourceOf('192.0.2.1')).to.equal('192.0.2.1')
    expect(sourceOf('::ffff:192.0.2.1')).to.equal('192.0.2.1')
    expect(sourceOf('2001:db8:1:2:3:4:5:6')).to.equal('2001:db8:1:2')
    expect(sourceOf('2001:db8:1:2::9')).to.equal('2001:db8:1:2')
    expect(sourceOf('2001:0db8:0001::9')).to.equal('2001:db8:1:0')
    expect(sourceOf('::1')).to.equal('0:0:0:0')
    expect(sourceOf('fe80::1%eth0')).to.equal('fe80:0:0:0')
  })
})

describe('connections from one address', () => {
  it('[D5] are as many as may be, and one more when one has ended', async () => {
    const limit = connectionLimit(2)
    const sockets = Array.from({ length: 3 }, () => new PassThrough())

    expect(sockets.map(socket => limit.admit('2001:db8::1', socket))).to.deep.equal([true, true, false])
    expect(limit.admit('192.0.2.1', new PassThrough())).to.equal(true)
    sockets[0].destroy()
    await once(sockets[0], 'close')
    expect(limit.admit('2001:db8::2', sockets[2])).to.equal(true)
    expect(limit.admit('2001:db8::3', new PassThrough())).to.equal(false)
  })
})
