import { expect } from 'aegir/chai'
import { knows, next, space, Star } from './make-star.ts'
import type { GossipNode } from './make-star.ts'
import type { PeerId } from '@libp2p/interface'

const FOLLOWERS = 200
const POSTS = 50
const TOPICS = 4_000

const number = (n: number): Uint8Array => {
  const bytes = new Uint8Array(300)
  new DataView(bytes.buffer).setUint32(0, n)

  return bytes
}

describe('gossip: load', () => {
  const star = new Star()

  afterEach(async () => { await star.stop() })

  it(`[GO17] one relay and ${FOLLOWERS} followers: every post arrives everywhere, over one hop`, async () => {
    const relay = await star.hub()
    const leaves: GossipNode[] = []

    for (let n = 0; n < FOLLOWERS; n++) {
      const leaf = await star.leaf()
      leaf.services.gossip.subscribe(space(1))
      await leaf.dial(relay.getMultiaddrs())
      leaves.push(leaf)
    }

    await Promise.all(leaves.map(async leaf => Promise.all([knows(leaf, relay, space(1)), knows(relay, leaf, space(1))])))

    let deliveries = 0
    let hops = 0
    const all = new Promise<void>(resolve => {
      const count = (from: PeerId): void => {
        hops += from.equals(relay.peerId) ? 1 : 2

        if (++deliveries === POSTS * (FOLLOWERS - 1)) {
          resolve()
        }
      }

      leaves.forEach(leaf => { leaf.services.gossip.addEventListener('message:received', ({ detail }) => { count(detail.from) }) })
    })

    for (const [n, leaf] of leaves.slice(0, POSTS).entries()) {
      expect(await leaf.services.gossip.publish(space(1), 'entry', number(n))).to.equal(1)
    }

    await all
    expect(deliveries).to.equal(POSTS * (FOLLOWERS - 1))
    expect(hops).to.equal(deliveries)
  })

  it(`[GO18] a relay with ${TOPICS} topics carries a new client's first post`, async () => {
    const relay = await star.hub()
    const perClient = 1_000
    const clients: GossipNode[] = []

    for (let first = 0; first < TOPICS; first += perClient) {
      const client = await star.leaf()
      clients.push(client)

      for (let n = first; n < first + perClient; n++) {
        client.services.gossip.subscribe(space(n))
      }

      await client.dial(relay.getMultiaddrs())
    }

    await Promise.all(clients.map(async (client, i) => knows(client, relay, space((i + 1) * perClient - 1))))

    const known = clients.map((client, i) => Array.from({ length: perClient }, (_, n) => client.services.gossip.neighbours(space(i * perClient + n)).length))
    expect(known.flat().every(neighbours => neighbours === 1)).to.equal(true)

    const newcomer = await star.leaf()
    const received = next(clients[3], 'message:received')
    newcomer.services.gossip.subscribe(space(TOPICS - 1))
    await newcomer.services.gossip.publish(space(TOPICS - 1), 'entry', number(1))
    await newcomer.dial(relay.getMultiaddrs())
    expect((await received).bytes).to.deep.equal(number(1))
  })

  it(`[GO18] a client that is in ${TOPICS} topics of two relays still publishes`, async () => {
    const [one, two] = await Promise.all([star.hub({ maxTopicsPerClient: TOPICS }), star.hub({ maxTopicsPerClient: TOPICS })])
    const client = await star.leaf()

    for (let n = 0; n < TOPICS; n++) {
      client.services.gossip.subscribe(space(n))
    }

    await client.dial(one.getMultiaddrs())
    await client.dial(two.getMultiaddrs())
    await Promise.all([knows(client, one, space(TOPICS - 1)), knows(client, two, space(TOPICS - 1))])
    expect(await client.services.gossip.publish(space(TOPICS - 1), 'entry', number(1))).to.equal(2)
  })
})
