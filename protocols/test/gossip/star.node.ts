import { expect } from 'aegir/chai'
import { gossip, topicOf } from '../../src/gossip/index.ts'
import { spaceId } from '../../src/ids.ts'
import { makeLeaf, makeRelay } from '../network/make-nodes.ts'
import type { Gossip, GossipInit, GossipMessage } from '../../src/gossip/index.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Libp2p } from '@libp2p/interface'

type Node = Libp2p<{ gossip: Gossip }>

const encoder = new TextEncoder()

function space (n: number): SpaceId {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, n)

  return spaceId(bytes)
}

function once<K extends 'message:received' | 'neighbour:changed' | 'client:over'> (target: Gossip, type: K): Promise<any> {
  return new Promise(resolve => { target.addEventListener(type, event => { resolve(event.detail) }, { once: true }) })
}

/** Resolves when a peer is in the topic of a space */
async function heard (node: Node, by: Node, id: SpaceId): Promise<void> {
  while (!node.services.gossip.neighbours(id).some(peer => peer.equals(by.peerId))) {
    await once(node.services.gossip, 'neighbour:changed')
  }
}

describe('gossip: star', () => {
  const running: Node[] = []

  const leaf = async (init: Partial<GossipInit> = {}): Promise<Node> => {
    const node = await makeLeaf({ services: { gossip: gossip({ validate: () => 'accept', ...init }) } })
    running.push(node)

    return node
  }

  const hub = async (init: Partial<GossipInit> = {}): Promise<Node> => {
    const node = await makeRelay({ services: { gossip: gossip({ role: 'hub', validate: () => 'accept', ...init }) } })
    running.push(node)

    return node
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async node => { await node.stop() }))
  })

  it('[GO1] carries a message from one client to another through the relay', async () => {
    const [relay, a, b] = await Promise.all([hub(), leaf(), leaf()])
    const id = space(1)

    a.services.gossip.subscribe(id)
    b.services.gossip.subscribe(id)
    await a.dial(relay.getMultiaddrs())
    await b.dial(relay.getMultiaddrs())
    await Promise.all([heard(a, relay, id), heard(b, relay, id)])

    const received = once(b.services.gossip, 'message:received')
    expect(await a.services.gossip.publish(id, 'entry', encoder.encode('hello'))).to.equal(1)
    const message: GossipMessage = await received

    expect(message.space).to.equal(id)
    expect(message.topic).to.equal(topicOf(id))
    expect(message.kind).to.equal('entry')
    expect(message.bytes).to.deep.equal(encoder.encode('hello'))
    expect(message.from.equals(relay.peerId)).to.equal(true)
  })
})
