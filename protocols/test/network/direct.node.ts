import { expect } from 'aegir/chai'
import { gossip } from '../../src/gossip/index.ts'
import { spaceId } from '../../src/ids.ts'
import { WEBRTC_SIGNALING_PROTOCOL } from '../../src/network/constants.ts'
import { connectDirect } from '../../src/network/index.ts'
import { supervisor } from '../../src/supervisor/index.ts'
import { makeLeaf, makeRelay } from './make-nodes.ts'
import type { Gossip } from '../../src/gossip/index.ts'
import type { Supervisor } from '../../src/supervisor/index.ts'
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'

type Leaf = Libp2p<{ gossip: Gossip, supervisor: Supervisor }>

async function all (stream: Stream): Promise<number> {
  let bytes = 0

  for await (const chunk of stream) {
    bytes += chunk.byteLength
  }

  return bytes
}

describe('network: direct connections', () => {
  const running: Libp2p[] = []
  let relay: Libp2p
  let relayAddress: string

  const makeClient = async (allowDirect: (peer: PeerId) => boolean, iceServers: () => string[] = () => []): Promise<Leaf> => {
    const leaf = await makeLeaf({ allowDirect, iceServers, services: { gossip: gossip({ validate: () => 'accept' }), supervisor: supervisor() } })
    running.push(leaf)

    const connected = new Promise<void>(resolve => {
      leaf.services.supervisor.addEventListener('state:changed', ({ detail }) => {
        if (detail.state === 'connected') {
          resolve()
        }
      })
    })

    leaf.services.supervisor.add({ peer: relay.peerId.toString(), addrs: [relayAddress.replace(/\/p2p\/.*/, '')], path: '' })
    await connected

    return leaf
  }

  beforeEach(async () => {
    relay = await makeRelay({ services: { gossip: gossip({ role: 'hub', validate: () => 'accept' }) } })
    running.push(relay)
    relayAddress = relay.getMultiaddrs()[0].toString()
  })

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async node => { await node.stop() }))
  })

  it('[NW3] connects two friends directly, and gossip runs there without the relay', async () => {
    const [a, b] = await Promise.all([makeClient(() => true), makeClient(() => true)])
    const connection = await connectDirect(a, b.peerId, relayAddress)

    expect(connection.limits).to.equal(undefined)
    expect(connection.remoteAddr.toString()).to.match(/\/webrtc/)
    expect(await connectDirect(a, b.peerId, relayAddress)).to.equal(connection)

    const space = spaceId(new Uint8Array(32).fill(7))
    const met = new Promise<void>(resolve => {
      a.services.gossip.addEventListener('neighbour:changed', ({ detail }) => {
        if (detail.peer.equals(b.peerId) && detail.subscribed) {
          resolve()
        }
      })
    })
    a.services.gossip.subscribe(space)
    b.services.gossip.subscribe(space)
    await met

    const received = new Promise<PeerId>(resolve => {
      b.services.gossip.addEventListener('message:received', ({ detail }) => { resolve(detail.from) })
    })
    await relay.stop()
    await a.services.gossip.publish(space, 'heads', Uint8Array.of(1))
    expect((await received).equals(a.peerId)).to.equal(true)
  })

  it('[NW4] refuses a stranger\'s offer before there is anything that could show an address', async () => {
    let asked = 0
    const stranger = await makeClient(() => true)
    const author = await makeClient(() => false, () => { asked++; return [] })

    const circuit = await stranger.dial(relay.getMultiaddrs().map(address => address.encapsulate(`/p2p-circuit/p2p/${author.peerId.toString()}`)))
    const stream = await circuit.newStream(WEBRTC_SIGNALING_PROTOCOL, { runOnLimitedConnection: true })
    expect(await all(stream)).to.equal(0)
    expect(stream.status).to.not.equal('open')
    // the configuration of an RTCPeerConnection is asked for right before one is made
    expect(asked).to.equal(0)
    await expect(connectDirect(stranger, author.peerId, relayAddress)).to.eventually.be.rejected()
    expect(asked).to.equal(0)
    expect(author.getConnections(stranger.peerId).every(({ limits }: Connection) => limits != null)).to.equal(true)
  })

  it('[NW4] makes no offer to whom it is not allowed', async () => {
    let asked = 0
    const [author, stranger] = await Promise.all([makeClient(() => false, () => { asked++; return [] }), makeClient(() => true)])

    await expect(connectDirect(author, stranger.peerId, relayAddress)).to.eventually.be.rejected()
    expect(asked).to.equal(0)
  })

  it('[NW5] asks for the ICE servers anew at each connection, and has no others', async () => {
    let asked = 0
    const [a, b] = await Promise.all([makeClient(() => true, () => { asked++; return [] }), makeClient(() => true)])
    const connection = await connectDirect(a, b.peerId, relayAddress)
    const before = asked
    expect(before).to.be.greaterThan(0)
    await connection.close()
    await connectDirect(a, b.peerId, relayAddress)
    expect(asked).to.be.greaterThan(before)
  })
})
