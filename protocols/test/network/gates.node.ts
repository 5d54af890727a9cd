import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { expect } from 'aegir/chai'
import { CIRCUIT_STOP_PROTOCOL } from '../../src/network/constants.ts'
import { UnresponsiveConnectionError } from '../../src/network/index.ts'
import { probe } from '../../src/network/probe.ts'
import { makeLeaf, makeRelay } from './make-nodes.ts'
import type { Libp2p } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** More at once than libp2p lets come from one address by default */
const NEIGHBOURS = 40

describe('network: gates and limits', () => {
  const running: Libp2p[] = []

  const track = <N extends Libp2p>(node: N): N => {
    running.push(node)

    return node
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async node => { await node.stop() }))
  })

  it('[NW1] starts without any relay, and contacts nobody by itself', async () => {
    const leaf = track(await makeLeaf({ services: {} }))

    expect(leaf.status).to.equal('started')
    expect(leaf.getDialQueue()).to.deep.equal([])
    expect(leaf.getConnections()).to.deep.equal([])
    expect(leaf.getMultiaddrs()).to.deep.equal([])
  })

  it('[NW7] takes connections only from relays where it reserved', async () => {
    const author = track(await makeLeaf({ listen: ['/ip4/127.0.0.1/tcp/0'], transports: [tcp()], services: {} }))
    // it does not say so itself
    const { components } = author as unknown as { components: { transportManager: { getAddrs (): Multiaddr[] } } }
    const address = components.transportManager.getAddrs().find(listening => listening.toString().includes('/tcp/'))
    // it runs a relay, so libp2p would reserve there and announce it
    const pusher = track(await makeRelay({ transports: [tcp()], services: { relay: circuitRelayServer() } }))
    const connection = await pusher.dial(address ?? [])
    const stream = await connection.newStream(CIRCUIT_STOP_PROTOCOL)
    let bytes = 0

    try {
      for await (const chunk of stream) {
        bytes += chunk.byteLength
      }
    } catch {
      // reset
    }

    expect(bytes).to.equal(0)
    expect(stream.status).to.not.equal('open')
    expect(author.getMultiaddrs()).to.deep.equal([])
  })

  it('[NW8] does not trust a connection over which nothing answers', async () => {
    const [relay, leaf] = [track(await makeRelay({ services: {} })), track(await makeLeaf({ services: {} }))]
    const connection = await leaf.dial(relay.getMultiaddrs())

    await probe(connection)
    expect(connection.status).to.equal('open')

    await relay.unhandle('/ipfs/ping/1.0.0')
    await expect(probe(connection)).to.eventually.be.rejectedWith(UnresponsiveConnectionError)
    expect(connection.status).to.not.equal('open')
  })

  it(`[NW9] a relay takes ${NEIGHBOURS} connections from one address at once`, async () => {
    const relay = track(await makeRelay({ services: {} }))
    const leaves = await Promise.all(Array.from({ length: NEIGHBOURS }, async () => track(await makeLeaf({ services: {} }))))
    const connections = await Promise.all(leaves.map(async leaf => leaf.dial(relay.getMultiaddrs())))

    expect(connections.every(({ status }) => status === 'open')).to.equal(true)
  })
})
