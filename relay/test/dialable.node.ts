import { expect } from 'aegir/chai'
import { isDialable, scopeOf, scopeOfIp } from '../src/walls/dialable.ts'
import type { Scope } from '../src/walls/dialable.ts'

const names: Record<string, string[]> = {
  'example.org': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
  'mixed.example': ['93.184.216.34', '10.0.0.7'],
  'inside.example': ['127.0.0.1'],
  'none.example': []
}

async function judge (address: string, scope: Scope = 'public'): Promise<boolean> {
  return isDialable(address, {
    scope,
    lookup: async name => {
      if (names[name] == null) {
        throw new Error('There is no such name')
      }

      return names[name]
    }
  })
}

describe('what a relay dials', () => {
  it('[FO10] tells the addresses of the internet from all others', () => {
    for (const ip of ['8.8.8.8', '93.184.216.34', '172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '2606:2800:220:1::1', '2a00::1']) {
      expect(scopeOfIp(ip)).to.equal('public', ip)
    }

    for (const ip of ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fd00::1', '::ffff:10.0.0.1', '::ffff:a00:1']) {
      expect(scopeOfIp(ip)).to.equal('private', ip)
    }

    for (const ip of ['127.0.0.1', '127.255.0.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1']) {
      expect(scopeOfIp(ip)).to.equal('loopback', ip)
    }

    for (const ip of ['0.0.0.0', '169.254.169.254', '198.51.100.1', '224.0.0.1', '255.255.255.255', '::', 'fe80::1', 'ff02::1', '2002:7f00:1::', '64:ff9b::7f00:1', '2001:0:7f00:1::', '::ffff:8.8.8.8', 'no address']) {
      expect(scopeOfIp(ip)).to.equal(undefined, ip)
    }
  })

  it('[FO10] a relay on the internet dials nothing inside a network', async () => {
    for (const address of ['/ip4/93.184.216.34/tcp/4040/ws', '/ip4/93.184.216.34/tcp/443/tls/ws', '/ip6/2606:2800:220:1::1/tcp/443/wss', '/dns4/example.org/tcp/443/tls/ws', '/dns/example.org/tcp/443/wss']) {
      expect(await judge(address)).to.equal(true, address)
    }

    for (const address of [
      '/ip4/127.0.0.1/tcp/22/ws', '/ip4/10.0.0.1/tcp/80/ws', '/ip4/192.168.1.1/tcp/443/tls/ws', '/ip4/169.254.169.254/tcp/80/ws', '/ip4/0.0.0.0/tcp/80/ws',
      '/ip6/::1/tcp/80/ws', '/ip6/::ffff:7f00:1/tcp/80/ws', '/ip6/fd00::1/tcp/80/ws',
      '/dns4/inside.example/tcp/443/tls/ws', '/dns4/mixed.example/tcp/443/tls/ws', '/dns4/none.example/tcp/443/tls/ws', '/dns4/unknown.example/tcp/443/tls/ws'
    ]) {
      expect(await judge(address)).to.equal(false, address)
    }
  })

  it('[FO10] a name is dialled with TLS only, since it may have another address a moment later', async () => {
    expect(await judge('/dns4/example.org/tcp/80/ws')).to.equal(false)
    expect(await judge('/dns4/example.org/tcp/443/tls/ws')).to.equal(true)
  })

  it('[FO10] dials nothing but a WebSocket, straight', async () => {
    for (const address of [
      '/ip4/93.184.216.34/tcp/22', '/ip4/93.184.216.34/udp/53/webrtc-direct', '/dnsaddr/example.org', '/ip4/93.184.216.34/tcp/80/ws/http-path/admin',
      '/ip4/93.184.216.34/tcp/80/ws/p2p-circuit', '/dns4/example.org/tcp/443/tls/sni/inside.example/ws', '/unix/%2Frun%2Fsocket', 'no address', ''
    ]) {
      expect(await judge(address, 'loopback')).to.equal(false, address)
    }
  })

  it('[FO10] a relay inside a network dials there too, but only one on loopback dials its own machine', async () => {
    expect(await judge('/ip4/192.168.1.2/tcp/4040/ws', 'private')).to.equal(true)
    expect(await judge('/ip4/127.0.0.1/tcp/4040/ws', 'private')).to.equal(false)
    expect(await judge('/ip4/169.254.169.254/tcp/80/ws', 'private')).to.equal(false)
    expect(await judge('/ip4/127.0.0.1/tcp/4040/ws', 'loopback')).to.equal(true)
    expect(await judge('/ip4/169.254.169.254/tcp/80/ws', 'loopback')).to.equal(false)
  })

  it('[FO10] goes by what a relay announces, not by what it listens on', () => {
    expect(scopeOf(['/dns4/example.org/tcp/443/tls/ws'])).to.equal('public')
    expect(scopeOf(['/ip4/127.0.0.1/tcp/4040/ws', '/ip4/93.184.216.34/udp/4041/webrtc-direct'])).to.equal('public')
    expect(scopeOf(['/ip4/192.168.1.5/tcp/4040/ws'])).to.equal('private')
    expect(scopeOf(['/ip4/127.0.0.1/tcp/4040/ws', '/ip4/192.168.1.5/tcp/4040/ws'])).to.equal('private')
    expect(scopeOf(['/ip4/127.0.0.1/tcp/4040/ws', '/ip4/127.0.0.1/udp/4041/webrtc-direct'])).to.equal('loopback')
    expect(scopeOf(['/dns4/localhost/tcp/4040/ws'])).to.equal('loopback')
    expect(scopeOf([])).to.equal('public')
  })
})
