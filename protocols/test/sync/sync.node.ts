import { expect } from 'aegir/chai'
import { person, payloadOf, writeChain } from '../../src/testing/simulator-people.ts'
import { createPeer, eventOf, holds } from './network.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { TestPeer } from './network.ts'

describe('sync between real peers', () => {
  let anna: Person
  let peers: TestPeer[]

  async function peer (...args: Parameters<typeof createPeer>): Promise<TestPeer> {
    const made = await createPeer(...args)

    peers.push(made)

    return made
  }

  before(async () => {
    anna = await person('anna', 2)
  })

  beforeEach(() => {
    peers = []
  })

  afterEach(async () => {
    await Promise.all(peers.map(async made => made.stop()))
  })

  it('[SY1] brings a wall with its record to a peer that has nothing, and says when it is all there', async () => {
    const [a, b] = [await peer(), await peer()]

    await a.log.putRecord(anna.record)
    await a.log.ingest(anna.space, (await writeChain(anna, 300)).reverse())
    await b.connect(a)

    const caughtUp = eventOf(b.sync, 'space:caught-up')

    await b.sync.open(a.node.peerId, anna.space)
    expect((await caughtUp).space).to.equal(anna.space)
    expect((await b.log.chains(anna.space))[0].ranges).to.deep.equal([{ from: 0, to: 299 }])
    expect((await b.log.record(anna.identity))?.bytes).to.deep.equal(anna.record.bytes)
    expect(b.sync.peers(anna.space).map(String)).to.deep.equal([a.node.peerId.toString()])
    expect(a.sync.peers(anna.space).map(String)).to.deep.equal([b.node.peerId.toString()])
  })

  it('[SY2] goes both ways over the one stream', async () => {
    const [a, b] = [await peer(), await peer()]

    for (const { log } of [a, b]) {
      await log.putRecord(anna.record)
    }

    await a.log.ingest(anna.space, (await writeChain(anna, 100)).reverse())
    await b.log.ingest(anna.space, (await writeChain(anna, 100, { signer: anna.signers[1] })).reverse())
    await b.connect(a)
    await b.sync.open(a.node.peerId, anna.space)
    await Promise.all([holds(a.log, anna.space, 200), holds(b.log, anna.space, 200)])
    expect(a.node.getConnections().flatMap(({ streams }) => streams).filter(({ protocol }) => protocol.includes('sync'))).to.have.lengthOf(1)
  })

  it('[SY3] pushes what is written later, through others too', async () => {
    const [a, b, c] = [await peer(), await peer(), await peer()]

    await a.log.putRecord(anna.record)
    await b.connect(a)
    await c.connect(b)
    await b.sync.open(a.node.peerId, anna.space)
    await c.sync.open(b.node.peerId, anna.space)

    for (let i = 0; i < 20; i++) {
      await a.log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf(`${i}`), time: i })
    }

    await holds(c.log, anna.space, 20)
  })
})
