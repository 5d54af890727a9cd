import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect } from 'aegir/chai'
import { gossip } from '../../src/gossip/index.ts'
import { supervisor } from '../../src/supervisor/index.ts'
import { makeLeaf } from '../network/make-nodes.ts'
import { knows, next, space, Star } from './make-star.ts'
import type { GossipNode } from './make-star.ts'
import type { Gossip } from '../../src/gossip/index.ts'
import type { Supervisor } from '../../src/supervisor/index.ts'
import type { Connection, Libp2p } from '@libp2p/interface'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function carriesGossip (connection: Connection): boolean {
  return connection.streams.some(({ protocol }) => protocol.startsWith('/meshsub/'))
}

/** Sends until it arrives: what is sent while a stream is opened anew is lost, and sync fetches it */
async function arrives (from: GossipNode, to: GossipNode): Promise<void> {
  const received = next(to, 'message:received')
  const send = (): void => {
    from.services.gossip.publish(space(1), 'heads', bytes(`${from.peerId.toString()} ${Math.random()}`)).catch(() => {})
  }
  const timer = setInterval(send, 20)

  send()
  await received
  clearInterval(timer)
}

describe('gossip: connections', () => {
  const star = new Star()

  afterEach(async () => { await star.stop() })

  for (const closing of ['client', 'relay'] as const) {
    for (const how of ['close', 'abort'] as const) {
      it(`[GO14] survives the loss of one of two connections to a peer: ${how} by the ${closing}`, async () => {
        const [relay, a, b] = await Promise.all([star.hub(), star.leaf(), star.leaf()])

        a.services.gossip.subscribe(space(1))
        b.services.gossip.subscribe(space(1))
        await b.dial(relay.getMultiaddrs())
        await a.dial(relay.getMultiaddrs())
        await Promise.all([knows(a, relay, space(1)), knows(b, relay, space(1))])
        await a.dial(relay.getMultiaddrs(), { force: true })
        await arrives(a, b)

        const side = closing === 'client' ? a : relay
        const other = closing === 'client' ? relay : a
        const connections = side.getConnections(other.peerId)
        expect(connections).to.have.length(2)
        const used = connections.filter(carriesGossip)
        expect(used).to.have.length(1)

        if (how === 'close') {
          await used[0].close()
        } else {
          used[0].abort(new Error('cut'))
        }

        await arrives(a, b)
        await arrives(b, a)

        // an aborted connection is noticed at the other side only when it is pinged
        const open = (): Connection[] => a.getConnections(relay.peerId).filter(({ status }) => status === 'open')

        if (how === 'close') {
          while (open().length > 1) {
            await new Promise(resolve => { a.addEventListener('connection:close', resolve, { once: true }) })
          }
        }

        // and what is said about topics from now on is heard too
        a.services.gossip.subscribe(space(2))
        await Promise.all([knows(a, relay, space(2)), knows(relay, a, space(2))])
      })
    }
  }

  it('[GO14] opens a stream again that alone was reset', async () => {
    const [relay, a, b] = await Promise.all([star.hub(), star.leaf(), star.leaf()])

    a.services.gossip.subscribe(space(1))
    b.services.gossip.subscribe(space(1))
    await b.dial(relay.getMultiaddrs())
    await a.dial(relay.getMultiaddrs())
    await Promise.all([knows(a, relay, space(1)), knows(b, relay, space(1))])

    for (const [side, other] of [[relay, a], [a, relay]] as const) {
      side.getConnections(other.peerId)[0].streams
        .filter(({ protocol }) => protocol.startsWith('/meshsub/'))
        .forEach(stream => { stream.abort(new Error('reset')) })
      await arrives(a, b)
      await arrives(b, a)
    }
  })

  it('[GO15] sends over the new connection of a client that came back before the old one was known to be dead', async () => {
    const [relay, b] = await Promise.all([star.hub(), star.leaf()])
    const privateKey = await generateKeyPair('Ed25519')
    const make = async (): Promise<GossipNode> => star.track(await makeLeaf<{ gossip: Gossip }>({ privateKey, services: { gossip: gossip({ validate: () => 'accept' }) } }))

    b.services.gossip.subscribe(space(1))
    await b.dial(relay.getMultiaddrs())

    const before = await make()
    before.services.gossip.subscribe(space(1))
    await before.dial(relay.getMultiaddrs())
    await Promise.all([knows(before, relay, space(1)), knows(b, relay, space(1))])

    // the same device again, while the first still holds its connection: as after a loss of the network that the relay did not see
    const after = await make()
    after.services.gossip.subscribe(space(1))
    await after.dial(relay.getMultiaddrs())
    await knows(after, relay, space(1))
    expect(relay.getConnections(before.peerId)).to.have.length(2)
    await arrives(b, after)
    await arrives(after, b)
  })

  it('[GO16] runs on no relayed connection', async () => {
    const relay = await star.hub()
    const client = async (): Promise<Libp2p<{ gossip: Gossip, supervisor: Supervisor }>> => star.track(await makeLeaf({
      services: { gossip: gossip({ validate: () => 'accept' }), supervisor: supervisor() }
    }))
    const [a, b] = await Promise.all([client(), client()])
    const address = relay.getMultiaddrs()[0]
    const reserved = new Promise<void>(resolve => {
      b.services.supervisor.addEventListener('state:changed', ({ detail }) => {
        if (detail.state === 'connected') {
          resolve()
        }
      })
    })
    b.services.supervisor.add({ peer: relay.peerId.toString(), addrs: [address.toString().replace(/\/p2p\/.*/, '')], path: '' })
    await reserved
    const identified = new Promise<void>(resolve => {
      a.addEventListener('peer:identify', ({ detail }) => {
        if (detail.peerId.equals(b.peerId)) {
          resolve()
        }
      })
    })
    await a.dial(address.encapsulate(`/p2p-circuit/p2p/${b.peerId.toString()}`))
    await identified

    expect(a.getConnections(b.peerId)[0].limits).to.not.equal(undefined)
    expect(a.services.gossip.reaches(relay.peerId)).to.equal(true)
    expect(a.services.gossip.reaches(b.peerId)).to.equal(false)
  })
})
