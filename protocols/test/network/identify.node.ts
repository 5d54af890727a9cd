import { tcp } from '@libp2p/tcp'
import { expect } from 'aegir/chai'
import { supervisor } from '../../src/supervisor/index.ts'
import { makeLeaf, makeRelay } from './make-nodes.ts'
import type { Supervisor } from '../../src/supervisor/index.ts'
import type { IdentifyResult, Libp2p } from '@libp2p/interface'

describe('network: identify', () => {
  const running: Libp2p[] = []

  const track = <N extends Libp2p>(node: N): N => {
    running.push(node)

    return node
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async node => { await node.stop() }))
  })

  it('[NW6] tells a stranger no address of its own, only where it can be met at relays', async () => {
    const relay = track(await makeRelay({ services: {} }))
    const relayAddress = relay.getMultiaddrs()[0]
    // an author who even listens, for own devices in the same house
    const author = track(await makeLeaf<{ supervisor: Supervisor }>({
      listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
      transports: [tcp()],
      services: { supervisor: supervisor() }
    }))
    const reserved = new Promise<void>(resolve => {
      author.services.supervisor.addEventListener('state:changed', ({ detail }) => {
        if (detail.state === 'connected') {
          resolve()
        }
      })
    })
    author.services.supervisor.add({ peer: relay.peerId.toString(), addrs: [relayAddress.toString().replace(/\/p2p\/.*/, '')], path: '' })
    await reserved

    const stranger = track(await makeLeaf({ services: {} }))
    const identified = new Promise<IdentifyResult>(resolve => {
      stranger.addEventListener('peer:identify', ({ detail }) => {
        if (detail.peerId.equals(author.peerId)) {
          resolve(detail)
        }
      })
    })
    await stranger.dial(relayAddress.encapsulate(`/p2p-circuit/p2p/${author.peerId.toString()}`))
    const result = await identified
    const told = [...result.listenAddrs, ...(result.signedPeerRecord?.addresses ?? [])].map(String)

    expect(told).to.not.be.empty()
    expect(told.every(address => address.startsWith(`${relayAddress.toString()}/p2p-circuit`))).to.equal(true)
    expect(result.agentVersion).to.equal('libp2p')

    const known = await stranger.peerStore.get(author.peerId)
    expect(known.addresses.map(({ multiaddr }) => multiaddr.toString()).every(address => address.includes('/p2p-circuit'))).to.equal(true)
    // it does listen
    expect(author.getMultiaddrs().map(String).every(address => address.includes('/p2p-circuit'))).to.equal(true)
  })
})
