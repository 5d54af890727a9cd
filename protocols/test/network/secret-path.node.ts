import { createServer } from 'node:http'
import { connect } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'aegir/chai'
import { supervisor } from '../../src/supervisor/index.ts'
import { makeLeaf, makeRelay } from './make-nodes.ts'
import type { Supervisor } from '../../src/supervisor/index.ts'
import type { Libp2p } from '@libp2p/interface'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

describe('network: secret path', () => {
  const running: Libp2p[] = []
  let front: Server
  const sockets = new Set<Socket>()
  let paths: string[]

  /** An HTTP server in front of a node's listener, which hands on only what asks for the right path */
  const shield = async (port: number, secret: string): Promise<number> => {
    front = createServer((request, response) => { response.writeHead(404).end() })
    front.on('connection', socket => { sockets.add(socket) })
    front.on('upgrade', (request, socket, head) => {
      paths.push(request.url ?? '')

      if (request.url !== `/${encodeURIComponent(secret)}`) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')

        return
      }

      const inner = connect(port, '127.0.0.1', () => {
        const headers = request.rawHeaders.reduce((text, value, i) => text + value + (i % 2 === 0 ? ': ' : '\r\n'), '')
        inner.write(`GET / HTTP/1.1\r\n${headers}\r\n`)
        inner.write(head)
        socket.pipe(inner).pipe(socket)
      })
      inner.on('error', () => { socket.destroy() })
      socket.on('error', () => { inner.destroy() })
    })
    await new Promise<void>(resolve => { front.listen(0, '127.0.0.1', resolve) })

    return (front.address() as AddressInfo).port
  }

  beforeEach(() => { paths = [] })

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async node => { await node.stop() }))
    sockets.forEach(socket => { socket.destroy() })
    await new Promise(resolve => { front.close(resolve) })
  })

  it('[NW2] is added when a socket is opened, and in no address that is kept or told', async () => {
    const relay = await makeRelay({ services: {} })
    running.push(relay)
    const inner = Number(/\/tcp\/(\d+)/.exec(relay.getMultiaddrs()[0].toString())?.[1])
    const port = await shield(inner, 'rosen garten')
    const peer = relay.peerId.toString()

    const leaf = await makeLeaf<{ supervisor: Supervisor }>({
      pathOf: relayPeer => relayPeer?.toString() === peer ? 'rosen garten' : undefined,
      services: { supervisor: supervisor() }
    })
    running.push(leaf)
    const reserved = new Promise<void>(resolve => {
      leaf.services.supervisor.addEventListener('state:changed', ({ detail }) => {
        if (detail.state === 'connected') {
          resolve()
        }
      })
    })
    leaf.services.supervisor.add({ peer, addrs: [`/ip4/127.0.0.1/tcp/${port}/ws`], path: 'rosen garten' })
    await reserved

    expect(paths).to.deep.equal(['/rosen%20garten'])

    const kept = await leaf.peerStore.all()
    const texts = [
      ...leaf.getMultiaddrs(),
      ...leaf.getConnections().map(({ remoteAddr }) => remoteAddr),
      ...kept.flatMap(({ addresses }) => addresses.map(address => address.multiaddr))
    ].map(String)

    expect(texts).to.not.be.empty()
    expect(texts.some(text => /http-path|rosen/.test(text))).to.equal(false)
  })

  it('[NW2] is not told to another relay', async () => {
    const relay = await makeRelay({ services: {} })
    running.push(relay)
    const port = await shield(1, 'rosengarten')
    const leaf = await makeLeaf({ pathOf: relayPeer => relayPeer == null ? 'rosengarten' : undefined, services: {} })
    running.push(leaf)

    await expect(leaf.dial(multiaddr(`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${relay.peerId.toString()}`))).to.eventually.be.rejected()
    expect(paths).to.deep.equal(['/'])
  })
})
