import { gossipsub } from '@libp2p/gossipsub'
import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { encodeMessage, topicOf } from '../../src/gossip/index.ts'
import { idBytes } from '../../src/ids.ts'
import { makeLeaf } from '../network/make-nodes.ts'
import { knows, misses, next, space, Star } from './make-star.ts'
import type { GossipMessage } from '../../src/gossip/index.ts'
import type { GossipSub } from '@libp2p/gossipsub'
import type { Libp2p } from '@libp2p/interface'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('gossip: star', () => {
  const star = new Star()

  /** Somebody with gossipsub as it comes, who sends and hears what there is */
  const prober = async (): Promise<Libp2p<{ pubsub: GossipSub }>> => star.track(await makeLeaf<{ pubsub: GossipSub }>({
    services: { pubsub: gossipsub({ globalSignaturePolicy: 'StrictNoSign', fallbackToFloodsub: false, allowPublishToZeroTopicPeers: true }) }
  }))

  const subscribed = async (node: Libp2p<{ pubsub: GossipSub }>, to: Libp2p, topic: string): Promise<void> => {
    while (!node.services.pubsub.getSubscribers(topic).some(peer => peer.equals(to.peerId))) {
      await new Promise(resolve => { node.services.pubsub.addEventListener('subscription-change', resolve, { once: true }) })
    }
  }

  afterEach(async () => { await star.stop() })

  it('[GO1] carries a message from one client to another through the relay', async () => {
    const [relay, a, b] = await Promise.all([star.hub(), star.leaf(), star.leaf()])

    a.services.gossip.subscribe(space(1))
    b.services.gossip.subscribe(space(1))
    await a.dial(relay.getMultiaddrs())
    await b.dial(relay.getMultiaddrs())
    await Promise.all([knows(a, relay, space(1)), knows(b, relay, space(1))])

    const received = next(b, 'message:received')
    expect(await a.services.gossip.publish(space(1), 'entry', bytes('hello'))).to.equal(1)
    const message: GossipMessage = await received

    expect(message.space).to.equal(space(1))
    expect(message.topic).to.equal(topicOf(space(1)))
    expect(message.kind).to.equal('entry')
    expect(message.bytes).to.deep.equal(bytes('hello'))
    expect(message.from.equals(relay.peerId)).to.equal(true)
  })

  it('[GO6] a client that subscribes to nothing learns no topic of the relay, and nobody learns of more than they named', async () => {
    const [relay, a, spy] = await Promise.all([star.hub(), star.leaf(), prober()])
    const heard: string[] = []

    spy.services.pubsub.addEventListener('subscription-change', ({ detail }) => { heard.push(...detail.subscriptions.map(({ topic }) => topic)) })
    relay.services.gossip.subscribe(space(100))
    await spy.dial(relay.getMultiaddrs())
    await a.dial(relay.getMultiaddrs())

    for (let n = 0; n < 50; n++) {
      a.services.gossip.subscribe(space(n))
    }

    await knows(a, relay, space(49))
    expect(a.services.gossip.neighbours(space(100))).to.deep.equal([])

    // the answer to this comes after anything else that the relay could have told
    spy.services.pubsub.subscribe(topicOf(space(7)))
    await subscribed(spy, relay, topicOf(space(7)))
    await misses(relay, spy, space(8))
    expect(heard).to.deep.equal([topicOf(space(7))])

    // and of one who comes later
    const late = await prober()
    const heardLate: string[] = []
    late.services.pubsub.addEventListener('subscription-change', ({ detail }) => { heardLate.push(...detail.subscriptions.map(({ topic }) => topic)) })
    late.services.pubsub.subscribe(topicOf(space(9)))
    await late.dial(relay.getMultiaddrs())
    await subscribed(late, relay, topicOf(space(9)))
    expect(new Set(heardLate)).to.deep.equal(new Set([topicOf(space(9))]))
  })

  it('[GO19] carries entries of a later version, which it asks nobody about', async () => {
    const judged: string[] = []
    const validate = ({ kind }: GossipMessage): 'reject' => {
      judged.push(kind)

      return 'reject'
    }
    const [relay, a, b] = await Promise.all([star.hub({ validate }), prober(), prober()])
    const topic = topicOf(space(1))
    const later = encodeMessage('entry', encode([encode({ v: 2, space: idBytes(space(1)) }), 'of a form that is not known yet']))
    const received = new Promise<Uint8Array>(resolve => {
      b.services.pubsub.addEventListener('gossipsub:message', ({ detail }) => { resolve(detail.msg.data) }, { once: true })
    })

    for (const node of [a, b]) {
      node.services.pubsub.subscribe(topic)
      await node.dial(relay.getMultiaddrs())
      await subscribed(node, relay, topic)
    }

    await a.services.pubsub.publish(topic, later)
    expect(await received).to.deep.equal(later)
    expect(judged).to.deep.equal([])
  })

  it('[GO5] a replay under another topic suppresses nothing', async () => {
    const judged: string[] = []
    const [relay, a, b, attacker] = await Promise.all([
      star.hub({
        validate: ({ topic }) => {
          judged.push(topic)

          return topic === topicOf(space(1)) ? 'accept' : 'reject'
        }
      }),
      star.leaf(),
      star.leaf(),
      prober()
    ])

    a.services.gossip.subscribe(space(1))
    b.services.gossip.subscribe(space(1))
    attacker.services.pubsub.subscribe(topicOf(space(2)))
    await Promise.all([a, b, attacker].map(async node => { await (node as Libp2p).dial(relay.getMultiaddrs()) }))
    await Promise.all([knows(a, relay, space(1)), knows(b, relay, space(1)), subscribed(attacker, relay, topicOf(space(2)))])

    const received = next(b, 'message:received')
    await attacker.services.pubsub.publish(topicOf(space(2)), encodeMessage('entry', bytes('the real one')))

    while (judged.length === 0) {
      await new Promise(resolve => { setImmediate(resolve) })
    }

    await a.services.gossip.publish(space(1), 'entry', bytes('the real one'))
    expect((await received).bytes).to.deep.equal(bytes('the real one'))
    expect(judged).to.deep.equal([topicOf(space(2)), topicOf(space(1))])
  })

  it('[GO8] does not hear a peer any more that sent more than eight messages which were rejected', async () => {
    let judged = 0
    let tell = (): void => {}
    const nextJudged = async (): Promise<void> => new Promise(resolve => { tell = resolve })
    const [relay, attacker, b] = await Promise.all([
      star.hub({
        validate: ({ kind }) => {
          if (kind === 'entry') {
            judged++
            tell()
          }

          return kind === 'entry' ? 'reject' : 'accept'
        }
      }),
      prober(),
      star.leaf()
    ])

    attacker.services.pubsub.subscribe(topicOf(space(1)))
    b.services.gossip.subscribe(space(1))
    await attacker.dial(relay.getMultiaddrs())
    await b.dial(relay.getMultiaddrs())
    await Promise.all([subscribed(attacker, relay, topicOf(space(1))), knows(b, relay, space(1))])

    for (let n = 0; n < 12; n++) {
      const marker = next(relay, 'message:received')
      const first = nextJudged()

      await attacker.services.pubsub.publish(topicOf(space(1)), encodeMessage('entry', bytes(`bad ${n}`)))

      if (n < 9) {
        await first
      }

      await b.services.gossip.publish(space(1), 'heads', bytes(`${n}`))
      await marker
    }

    expect(judged).to.equal(9)
  })

  it('[GO7] neither judges nor keeps messages of topics it is not in', async () => {
    const judged: string[] = []
    const [relay, attacker] = await Promise.all([star.hub({ validate: ({ topic }) => { judged.push(topic); return 'accept' } }), prober()])

    attacker.services.pubsub.subscribe(topicOf(space(1)))
    await attacker.dial(relay.getMultiaddrs())
    await subscribed(attacker, relay, topicOf(space(1)))

    // as if the relay had said that it was in these
    const { topics } = attacker.services.pubsub as unknown as { topics: Map<string, Set<string>> }
    topics.set('/other/topic', new Set([relay.peerId.toString()]))
    topics.set(topicOf(space(2)), new Set([relay.peerId.toString()]))
    await attacker.services.pubsub.publish('/other/topic', encodeMessage('entry', bytes('1')))
    await attacker.services.pubsub.publish(topicOf(space(2)), encodeMessage('entry', bytes('2')))
    const received = next(relay, 'message:received')
    await attacker.services.pubsub.publish(topicOf(space(1)), encodeMessage('entry', bytes('3')))

    expect((await received).space).to.equal(undefined)
    expect(judged).to.deep.equal([topicOf(space(1))])
  })

  it('[GO9] a client over its cap is not heard beyond it, and the relay says so', async () => {
    const [relay, a] = await Promise.all([star.hub({ maxTopicsPerClient: 3 }), star.leaf()])
    const over = next(relay, 'client:over')

    for (let n = 0; n < 4; n++) {
      a.services.gossip.subscribe(space(n))
    }

    await a.dial(relay.getMultiaddrs())
    const { peer, max } = await over
    expect(peer.equals(a.peerId)).to.equal(true)
    expect(max).to.equal(3)
    await knows(a, relay, space(2))
    expect(a.services.gossip.neighbours(space(3))).to.deep.equal([])

    // whoever leaves one may come into another
    a.services.gossip.unsubscribe(space(0))
    a.services.gossip.unsubscribe(space(3))
    await misses(relay, a, space(0))
    a.services.gossip.subscribe(space(3))
    await knows(a, relay, space(3))
  })

  it('[GO9] a relay leaves a topic with the last of its clients', async () => {
    const [relay, a, b] = await Promise.all([star.hub(), star.leaf(), star.leaf()])

    a.services.gossip.subscribe(space(1))
    b.services.gossip.subscribe(space(1))
    await a.dial(relay.getMultiaddrs())
    await b.dial(relay.getMultiaddrs())
    await Promise.all([knows(a, relay, space(1)), knows(b, relay, space(1))])

    a.services.gossip.unsubscribe(space(1))
    await misses(relay, a, space(1))
    expect(b.services.gossip.neighbours(space(1))).to.have.length(1)

    const left = new Promise(resolve => { relay.addEventListener('peer:disconnect', resolve, { once: true }) })
    await b.hangUp(relay.peerId)
    await left
    await misses(relay, b, space(1))

    // it is not in the topic any more: nobody but the newcomer's own announcement brings it back
    const received = next(relay, 'message:received')
    a.services.gossip.subscribe(space(1))
    await knows(a, relay, space(1))
    await a.services.gossip.publish(space(1), 'heads', bytes('again'))
    expect((await received).bytes).to.deep.equal(bytes('again'))
  })

  it('[GO10] whoever leaves a topic and comes back at once is heard, and hears', async () => {
    const [relay, a, b] = await Promise.all([star.hub(), star.leaf(), star.leaf()])

    a.services.gossip.subscribe(space(1))
    b.services.gossip.subscribe(space(1))
    await a.dial(relay.getMultiaddrs())
    await b.dial(relay.getMultiaddrs())
    await Promise.all([knows(a, relay, space(1)), knows(b, relay, space(1))])

    b.services.gossip.unsubscribe(space(1))
    b.services.gossip.subscribe(space(1))
    const again = next(relay, 'neighbour:changed', ({ peer, subscribed: is }) => peer.equals(b.peerId) && is)
    await again

    const received = next(b, 'message:received')
    await a.services.gossip.publish(space(1), 'entry', bytes('to you'))
    await received
    const back = next(a, 'message:received')
    await b.services.gossip.publish(space(1), 'entry', bytes('from me'))
    await back
  })

  it('[GO11] a message published before the relay answered waits for it', async () => {
    const [relay, a, b] = await Promise.all([star.hub(), star.leaf(), star.leaf()])

    b.services.gossip.subscribe(space(1))
    await b.dial(relay.getMultiaddrs())
    await knows(b, relay, space(1))

    const received = next(b, 'message:received')
    a.services.gossip.subscribe(space(1))
    expect(await a.services.gossip.publish(space(1), 'entry', bytes('early'))).to.equal(0)
    await a.dial(relay.getMultiaddrs())
    expect((await received).bytes).to.deep.equal(bytes('early'))
  })

  it('[GO12] relays hear of each other\'s topics only when one names them first', async () => {
    const [relay, home, author, reader] = await Promise.all([star.hub(), star.hub(), star.leaf(), star.leaf()])

    author.services.gossip.subscribe(space(1))
    reader.services.gossip.subscribe(space(1))
    await author.dial(home.getMultiaddrs())
    await reader.dial(relay.getMultiaddrs())
    await relay.dial(home.getMultiaddrs())
    await Promise.all([knows(author, home, space(1)), knows(reader, relay, space(1))])
    expect(relay.services.gossip.neighbours(space(1)).map(String)).to.deep.equal([reader.peerId.toString()])

    relay.services.gossip.announce(home.peerId, space(1))
    await knows(relay, home, space(1))
    const received = next(reader, 'message:received')
    await author.services.gossip.publish(space(1), 'entry', bytes('far'))
    await received

    relay.services.gossip.withdraw(home.peerId, space(1))
    await misses(home, relay, space(1))
  })

  it('[GO13] ignores what no validator answers for in time, or what one fails at', async () => {
    const heard: string[] = []
    let gaveUp = (): void => {}
    const late = new Promise<void>(resolve => { gaveUp = resolve })
    const [relay, a] = await Promise.all([
      star.hub({
        validate: async ({ bytes: content }, { signal }): Promise<'accept'> => {
          const text = new TextDecoder().decode(content)

          if (text === 'fails') {
            throw new Error('fails')
          }

          if (text === 'late') {
            await new Promise(resolve => { signal.addEventListener('abort', resolve) })
            gaveUp()
          }

          return 'accept'
        }
      }),
      star.leaf()
    ])

    relay.services.gossip.addEventListener('message:received', ({ detail }) => { heard.push(new TextDecoder().decode(detail.bytes)) })
    a.services.gossip.subscribe(space(1))
    await a.dial(relay.getMultiaddrs())
    await knows(a, relay, space(1))
    await a.services.gossip.publish(space(1), 'entry', bytes('late'))
    await a.services.gossip.publish(space(1), 'entry', bytes('fails'))
    await late

    const received = next(relay, 'message:received')
    await a.services.gossip.publish(space(1), 'entry', bytes('good'))
    await received
    expect(heard).to.deep.equal(['good'])
  })
})
