import { expect } from 'aegir/chai'
import { encode } from 'it-length-prefixed'
import { FOLLOW_PROTOCOL, MAX_FOLLOW_BYTES, MAX_REQUESTS_PER_STREAM } from '../../src/follow/constants.ts'
import { follow } from '../../src/follow/index.ts'
import { decodeAnswer, encodeRequest } from '../../src/follow/messages.ts'
import { spaceId } from '../../src/ids.ts'
import { makeLeaf, makeRelay } from '../network/make-nodes.ts'
import type { Follow, FollowEvents, FollowInit } from '../../src/follow/index.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Libp2p } from '@libp2p/interface'

type Node = Libp2p<{ follow: Follow }>

function space (n: number): SpaceId {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, n)

  return spaceId(bytes)
}

function once<K extends keyof FollowEvents> (target: Follow, type: K): Promise<FollowEvents[K]['detail']> {
  return new Promise(resolve => { target.addEventListener(type, event => { resolve(event.detail) }, { once: true }) })
}

describe('follow: streams', () => {
  const running: Node[] = []

  const pair = async (serve: FollowInit['serve']): Promise<{ relay: Node, client: Node }> => {
    const relay: Node = await makeRelay<{ follow: Follow }>({ services: { follow: follow({ serve }) } })
    const client: Node = await makeLeaf<{ follow: Follow }>({ services: { follow: follow() } })
    running.push(relay, client)

    const connected = new Promise(resolve => { relay.addEventListener('peer:connect', resolve, { once: true }) })
    await client.dial(relay.getMultiaddrs())
    await connected

    return { relay, client }
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async node => { await node.stop() }))
  })

  it('[FO1] a relay keeps what a client follows and offers, until it disconnects', async () => {
    const { relay, client } = await pair({})
    const source = { peer: relay.peerId.toString(), addrs: ['/ip4/203.0.113.7/tcp/443/tls/ws'], path: 'x' }
    const wanted = once(relay.services.follow, 'space:wanted')

    expect(await client.services.follow.follow(relay.peerId, [
      { space: space(1), sources: [source] },
      { space: space(2), want: false, offer: true }
    ])).to.deep.equal([{ ok: true }, { ok: true }])

    expect(await wanted).to.deep.equal({ space: space(1), sources: [source] })
    expect(relay.services.follow.wanted()).to.deep.equal([space(1)])
    expect(relay.services.follow.followers(space(1)).map(String)).to.deep.equal([client.peerId.toString()])
    expect(relay.services.follow.offers(space(2)).map(String)).to.deep.equal([client.peerId.toString()])

    const unwanted = once(relay.services.follow, 'space:unwanted')
    await client.hangUp(relay.peerId)
    expect(await unwanted).to.deep.equal({ space: space(1) })
    expect(relay.services.follow.offers(space(2))).to.deep.equal([])
  })

  it('[FO1] answers a whole list over one stream, and one past its cap is refused', async () => {
    const { relay, client } = await pair({})
    const answers = await client.services.follow.follow(relay.peerId, Array.from({ length: 1_001 }, (_, n) => ({ space: space(n) })))

    expect(answers.slice(0, 1_000).every(({ ok }) => ok)).to.equal(true)
    expect(answers[1_000]).to.deep.equal({ ok: false, reason: 'cap' })
    expect(relay.services.follow.wanted()).to.have.length(1_000)

    expect(await client.services.follow.follow(relay.peerId, [{ space: space(0), want: false }, { space: space(1_000) }])).to.deep.equal([{ ok: true }, { ok: true }])
  })

  it('[FO14] asks for many spaces at the same time over few streams', async () => {
    const { relay, client } = await pair({})
    const answers = await Promise.all(Array.from({ length: 200 }, async (_, n) => client.services.follow.follow(relay.peerId, [{ space: space(n) }])))

    expect(answers.flat().every(({ ok }) => ok)).to.equal(true)
    expect(relay.services.follow.wanted()).to.have.length(200)
  })

  it('[FO12] says in the answer what comes, and later by itself, of many spaces over one stream', async () => {
    const { relay, client } = await pair({ isComing: (peer, wanted) => wanted === space(1) })
    const heard: Array<{ relay: string, space: SpaceId, coming: boolean }> = []

    expect(await client.services.follow.follow(relay.peerId, [{ space: space(1) }, { space: space(2) }, { space: space(1), want: false }])).to.deep.equal([{ ok: true, coming: true }, { ok: true }, { ok: true }])

    const all = new Promise<void>(resolve => {
      client.services.follow.addEventListener('space:coming', ({ detail }) => {
        heard.push({ ...detail, relay: detail.relay.toString() })

        if (heard.length === 3) {
          resolve()
        }
      })
    })

    await relay.services.follow.tellComing(client.peerId, [1, 2, 3].map(n => ({ space: space(n), coming: n !== 2 })))
    await all
    expect(heard).to.deep.equal([1, 2, 3].map(n => ({ relay: relay.peerId.toString(), space: space(n), coming: n !== 2 })))
  })

  it('[FO12] knows what each client named', async () => {
    const { relay, client } = await pair({})
    const source = { peer: relay.peerId.toString(), addrs: ['/ip4/203.0.113.7/tcp/443/tls/ws'], path: 'x' }

    await client.services.follow.follow(relay.peerId, [{ space: space(1), sources: [source] }, { space: space(2) }])
    expect(relay.services.follow.named(client.peerId, space(1))).to.deep.equal([source])
    expect(relay.services.follow.named(client.peerId, space(2))).to.deep.equal([])
    expect(relay.services.follow.named(relay.peerId, space(1))).to.deep.equal([])
  })

  it('[FO3] refuses by policy, also where nothing is served', async () => {
    const { relay, client } = await pair({ admits: (peer, request) => request.space !== space(2) })

    expect(await client.services.follow.follow(relay.peerId, [{ space: space(1) }, { space: space(2) }])).to.deep.equal([{ ok: true }, { ok: false, reason: 'policy' }])
    expect(await relay.services.follow.follow(client.peerId, [{ space: space(1) }])).to.deep.equal([{ ok: false, reason: 'policy' }])
  })

  it('[FO17] says why the operator does not want it', async () => {
    const { relay, client } = await pair({ admits: (_peer, request) => request.space === space(2) ? 'cap' : true })

    expect(await client.services.follow.follow(relay.peerId, [{ space: space(1) }, { space: space(2) }])).to.deep.equal([{ ok: true }, { ok: false, reason: 'cap' }])
    expect(await client.services.follow.follow(relay.peerId, [{ space: space(2), want: false }])).to.deep.equal([{ ok: true }])
  })

  it('[FO3] answers what it cannot read, and goes on', async () => {
    const { relay, client } = await pair({})
    const [connection] = client.getConnections(relay.peerId)
    const stream = await connection.newStream(FOLLOW_PROTOCOL)
    stream.send(encode.single(Uint8Array.of(1, 2, 3)))
    stream.send(encode.single(encodeRequest({ space: space(1) })))
    await stream.close()
    const bytes: number[] = []

    for await (const chunk of stream) {
      bytes.push(...chunk.subarray())
    }

    const first = bytes[0]
    expect(decodeAnswer(Uint8Array.from(bytes.slice(1, 1 + first)))).to.deep.equal({ ok: false, reason: 'malformed' })
    expect(decodeAnswer(Uint8Array.from(bytes.slice(2 + first)))).to.deep.equal({ ok: true })
  })

  it('[FO4] resets a stream with a frame over its limit, or a request too many', async () => {
    const { relay, client } = await pair({})
    const [connection] = client.getConnections(relay.peerId)

    const tooLong = await connection.newStream(FOLLOW_PROTOCOL)
    const reset = new Promise<string>(resolve => { tooLong.addEventListener('close', () => { resolve(tooLong.status) }) })
    tooLong.send(encode.single(new Uint8Array(MAX_FOLLOW_BYTES + 1)))
    expect(await reset).to.equal('reset')

    const tooMany = await connection.newStream(FOLLOW_PROTOCOL)
    const resetToo = new Promise<string>(resolve => { tooMany.addEventListener('close', () => { resolve(tooMany.status) }) })
    tooMany.addEventListener('message', () => {})

    for (let n = 0; n <= MAX_REQUESTS_PER_STREAM; n++) {
      tooMany.send(encode.single(encodeRequest({ space: space(1) })))
    }

    expect(await resetToo).to.equal('reset')
  })

  it('[FO6] tells a client that it announced too many topics', async () => {
    const { relay, client } = await pair({})
    const told = once(client.services.follow, 'topics:capped')

    await relay.services.follow.tellCapped(client.peerId, 1_000)
    const { relay: by, max } = await told
    expect(by.equals(relay.peerId)).to.equal(true)
    expect(max).to.equal(1_000)
  })

  it('[FO8] gives up when its signal aborts', async () => {
    const { relay, client } = await pair({ admits: async () => new Promise<boolean>(() => {}) })
    const controller = new AbortController()
    const asked = client.services.follow.follow(relay.peerId, [{ space: space(1) }], { signal: controller.signal })

    controller.abort()
    await expect(asked).to.eventually.be.rejected()
  })
})
