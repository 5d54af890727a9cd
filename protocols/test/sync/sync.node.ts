import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { idBytes } from '../../src/ids.ts'
import { systemClock } from '../../src/interface.ts'
import { MAX_PAYLOAD_BYTES, MAX_STREAMS_PER_PEER } from '../../src/limits.ts'
import { createLog, encodeEntry } from '../../src/log/index.ts'
import { MAX_BAD_ENTRIES } from '../../src/sync/constants.ts'
import { encodeFrame, haveFrames } from '../../src/sync/frames.ts'
import { SYNC_PROTOCOL } from '../../src/sync/index.ts'
import { withLength } from '../../src/sync/stream.ts'
import { person, payloadOf, recordOf, writeChain } from '../../src/testing/simulator-people.ts'
import { crashableStore } from '../../src/testing/simulator-store.ts'
import { countingEntries } from '../../src/testing/simulator.ts'
import { createPeer, createRelay, eventOf, holds } from './network.ts'
import type { TestPeer } from './network.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { Stream } from '@libp2p/interface'

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
    expect(b.sync.shown(a.node.peerId, anna.space)).to.deep.equal({ record: true, chains: [anna.chain()] })
    expect(a.sync.shown(b.node.peerId, anna.space)).to.deep.equal({ record: false, chains: [] })
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

  /** Two peers that are connected and hold the same record */
  async function pair (first: Parameters<typeof createPeer>[0] = {}, second: Parameters<typeof createPeer>[0] = {}): Promise<[TestPeer, TestPeer]> {
    const [a, b] = [await peer(first), await peer(second)]

    await a.log.putRecord(anna.record)
    await b.connect(a)

    return [a, b]
  }

  it('[SY4] brings a record before the entries that rely on it, also later', async () => {
    const [a, b] = await pair()

    await b.sync.open(a.node.peerId, anna.space)
    await eventOf(b.sync, 'space:caught-up')

    const third = (await person('anna', 3)).signers[2]
    const record = await recordOf(anna.root, [...anna.signers, third], anna.record)

    await a.log.putRecord(record)
    await a.log.append(third, { space: anna.space, identity: anna.identity, rec: 1, payload: payloadOf('new device'), time: 1 })
    await holds(b.log, anna.space, 1)
    expect((await b.log.record(anna.identity))?.record.seq).to.equal(1)
  })

  it('[SY5] runs over a relayed connection', async () => {
    const relay = await createRelay()

    try {
      const [a, b] = [await peer({ behind: relay }), await peer()]

      await a.log.putRecord(anna.record)
      await a.log.ingest(anna.space, (await writeChain(anna, 100)).reverse())

      if (a.node.getMultiaddrs().length === 0) {
        await new Promise(resolve => { a.node.addEventListener('self:peer:update', resolve, { once: true }) })
      }

      await b.connect(a)
      expect(b.node.getConnections(a.node.peerId).every(({ limits }) => limits != null)).to.equal(true)
      await b.sync.open(a.node.peerId, anna.space)
      await holds(b.log, anna.space, 100)
    } finally {
      await relay.stop()
    }
  })

  it('[SY6] both sides may open at the same moment, and one stream stays', async () => {
    const [a, b] = await pair()

    await b.log.putRecord(anna.record)
    await a.log.ingest(anna.space, (await writeChain(anna, 50)).reverse())
    await b.log.ingest(anna.space, (await writeChain(anna, 50, { signer: anna.signers[1] })).reverse())
    await Promise.all([a.sync.open(b.node.peerId, anna.space), b.sync.open(a.node.peerId, anna.space)])
    await Promise.all([holds(a.log, anna.space, 100), holds(b.log, anna.space, 100)])
    await a.log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf('live'), time: 1 })
    await holds(b.log, anna.space, 101)
    expect(a.sync.peers(anna.space)).to.have.lengthOf(1)
  })

  it('[SY7] says that the stream is gone, and can be opened again', async () => {
    const [a, b] = await pair()

    await b.sync.open(a.node.peerId, anna.space)
    await eventOf(b.sync, 'space:caught-up')

    const closed = Promise.all([eventOf(a.sync, 'stream:closed'), eventOf(b.sync, 'stream:closed')])

    await Promise.all(b.node.getConnections().map(async connection => connection.close()))
    await closed
    expect(b.sync.peers(anna.space)).to.deep.equal([])
    await expect(b.sync.open(a.node.peerId, anna.space)).to.eventually.be.rejected.with.property('name', 'NotConnectedError')
    await a.log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf('meanwhile'), time: 1 })
    await b.connect(a)
    await b.sync.open(a.node.peerId, anna.space)
    await holds(b.log, anna.space, 1)
  })

  it('[SY8] gives nothing of a space to whom it is not admitted, and takes nothing', async () => {
    const [a, b] = await pair({ admits: () => false })
    const refused = eventOf(b.sync, 'space:refused')

    await a.log.ingest(anna.space, (await writeChain(anna, 5)).reverse())
    await expect(a.sync.open(b.node.peerId, anna.space)).to.eventually.be.rejected.with.property('name', 'NotAdmittedError')
    await b.sync.open(a.node.peerId, anna.space)
    expect((await refused).space).to.equal(anna.space)
    expect(await b.log.chains(anna.space)).to.deep.equal([])
    expect(b.sync.peers(anna.space)).to.deep.equal([])
  })

  it('[SY9] closes one space and leaves the others open', async () => {
    const bert = await person('bert')
    const [a, b] = await pair()

    await a.log.putRecord(bert.record)
    await Promise.all([anna.space, bert.space].map(async space => {
      const caughtUp = eventOf(b.sync, 'space:caught-up', detail => detail.space === space)

      await b.sync.open(a.node.peerId, space)
      await caughtUp
    }))

    const gone = eventOf(a.sync, 'space:refused')

    await b.sync.close(a.node.peerId, anna.space)
    await gone
    await a.log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf('not seen'), time: 1 })
    await a.log.append(bert.signers[0], { space: bert.space, identity: bert.identity, rec: 0, payload: payloadOf('seen'), time: 1 })
    await holds(b.log, bert.space, 1)
    expect(await b.log.chains(anna.space)).to.deep.equal([])
  })

  it('[SY40] gives receipts, signed, of what it holds and of what comes, to those who ask', async () => {
    const holder = await signerFromSeed(new Uint8Array(32).fill(9))
    const [a, b] = await pair({}, { receipts: holder })
    const received: number[] = []

    await a.log.ingest(anna.space, (await writeChain(anna, 10)).reverse())

    const all = new Promise<void>(resolve => {
      a.sync.addEventListener('receipt:received', ({ detail: { receipt } }) => {
        expect(receipt.by).to.deep.equal(holder.publicKey)
        received.push(receipt.seq)

        if (receipt.seq === 10) {
          resolve()
        }
      })
    })

    await a.sync.open(b.node.peerId, anna.space, { receipts: true })
    await holds(b.log, anna.space, 10)
    await a.log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf('one more'), time: 1 })
    await all
    expect(received).to.deep.equal([...received].sort((x, y) => x - y))

    // what is held already is told again on a new stream
    const again = eventOf(a.sync, 'receipt:received', ({ receipt }) => receipt.seq === 10)

    await a.sync.close(b.node.peerId, anna.space)
    await a.sync.open(b.node.peerId, anna.space, { receipts: true })
    await again
  })

  it('[SY41] a receipt comes only once its entries are durable', async () => {
    const holder = await signerFromSeed(new Uint8Array(32).fill(9))
    const store = crashableStore()
    const [a, b] = await pair({}, { receipts: holder, store })

    await a.log.ingest(anna.space, (await writeChain(anna, 10)).reverse())

    const durable = new Promise<boolean>((resolve, reject) => {
      a.sync.addEventListener('receipt:received', ({ detail: { receipt } }) => {
        const reopened = createLog({ store: store.crash(), clock: systemClock })

        reopened.get(anna.chain(), receipt.seq).then(entry => { resolve(entry?.id === receipt.head) }, reject)
      })
    })

    await a.sync.open(b.node.peerId, anna.space, { receipts: true })
    expect(await durable).to.equal(true)
  })

  it('[SY12] a bad frame ends that stream and harms nobody else', async () => {
    const [a, b] = await pair()
    const c = await peer()

    await c.connect(a)
    await c.sync.open(a.node.peerId, anna.space)
    await eventOf(c.sync, 'space:caught-up')

    for (const bad of [Uint8Array.of(3, 0xff, 0xff, 0xff), Uint8Array.of(0xff, 0xff, 0xff), withLength(encode([3, 'space', []]))]) {
      const stream = await b.node.getConnections(a.node.peerId)[0].newStream([SYNC_PROTOCOL])
      const closed = new Promise(resolve => { stream.addEventListener('close', resolve) })

      stream.send(bad)
      await closed
    }

    await a.log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf('still there'), time: 1 })
    await holds(c.log, anna.space, 1)
  })

  it(`[SY36] a peer may have ${MAX_STREAMS_PER_PEER} streams and not one more`, async () => {
    const [a, b] = await pair()
    const connection = b.node.getConnections(a.node.peerId)[0]
    const open = async (): Promise<Stream> => connection.newStream([SYNC_PROTOCOL], { maxOutboundStreams: 2 * MAX_STREAMS_PER_PEER })
    const streams: Stream[] = []

    for (let i = 0; i < MAX_STREAMS_PER_PEER; i++) {
      streams.push(await open())
    }

    await new Promise<void>((resolve, reject) => {
      open().then(stream => {
        stream.addEventListener('close', () => { resolve() })

        if (stream.status !== 'open') {
          resolve()
        }
      }, reject)
    })
    expect(streams.every(({ status }) => status === 'open')).to.equal(true)
  })

  it('[SY33] entries that nobody signed are not taken, and others still are', async () => {
    const [a, b] = await pair()
    const written = await writeChain(anna, 3)
    const stream = await a.node.getConnections(b.node.peerId)[0].newStream([SYNC_PROTOCOL])
    const { space } = anna

    for (const frame of haveFrames(space, false, [], [])) {
      stream.send(withLength(encodeFrame(frame)))
    }

    stream.send(withLength(encodeFrame({ type: 'records', space, records: [anna.record.bytes] })))
    stream.send(withLength(encodeFrame({ type: 'entries', space, entries: [encodeEntry({ ...written[1], signature: new Uint8Array(64) })] })))
    stream.send(withLength(encodeFrame({ type: 'entries', space, entries: [encodeEntry(written[2]), encodeEntry(written[1])] })))
    await holds(b.log, space, 2)
    expect((await b.log.chains(space))[0].ranges).to.deep.equal([{ from: 1, to: 2 }])
  })

  it('[SY29] entries, records and proofs of a later version break nothing, and what comes with them is taken', async () => {
    const [a, b] = await pair()
    const written = await writeChain(anna, 2)
    const stream = await a.node.getConnections(b.node.peerId)[0].newStream([SYNC_PROTOCOL])
    const { space } = anna
    const header = encode({ v: 2, space: idBytes(space) })
    const later = Array.from({ length: MAX_BAD_ENTRIES + 1 }, (_, i) => encode([header, { number: i }, 'of its own form', i]))
    const caughtUp = eventOf(b.sync, 'space:caught-up')

    for (const frame of haveFrames(space, false, [], [])) {
      stream.send(withLength(encodeFrame(frame)))
    }

    stream.send(withLength(encodeFrame({ type: 'records', space, records: [encode([encode({ v: 2 }), new Uint8Array(64), new Uint8Array(1)]), anna.record.bytes] })))
    stream.send(withLength(encodeFrame({ type: 'entries', space, entries: later })))
    stream.send(withLength(encodeFrame({ type: 'entries', space, entries: [later[0], encodeEntry(written[1]), later[1], encodeEntry(written[0])] })))
    stream.send(withLength(encodeFrame({ type: 'caught-up', space })))
    await caughtUp
    expect((await b.log.chains(space))[0].ranges).to.deep.equal([{ from: 0, to: 1 }])
    expect(stream.status).to.equal('open')
  })

  it('[SY7] leaves no stream and no listener behind', async () => {
    const [a, b] = await pair()

    await b.sync.open(a.node.peerId, anna.space)
    await eventOf(b.sync, 'space:caught-up')
    await b.sync.stop()
    await b.sync.stop()
    await expect(b.sync.open(a.node.peerId, anna.space)).to.eventually.be.rejected.with.property('name', 'NotStartedError')
    await b.sync.start()
    await b.sync.start()
    await b.sync.open(a.node.peerId, anna.space)
    await eventOf(b.sync, 'space:caught-up')
  })

  it('[SY16] brings large payloads, one to a frame', async () => {
    const [a, b] = await pair()

    for (let i = 0; i < 60; i++) {
      await a.log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: new Uint8Array(MAX_PAYLOAD_BYTES).fill(i), time: i })
    }

    await b.sync.open(a.node.peerId, anna.space)
    await holds(b.log, anna.space, 60)
  })

  it('[SY54] two copies of a device are found out, and their branches hidden at both', async () => {
    const [a, b] = await pair()
    const shared = await writeChain(anna, 300)
    const left = await writeChain(anna, 20, { after: shared[299], text: 'left' })
    const right = await writeChain(anna, 30, { after: shared[299], text: 'right' })
    const found = Promise.all([a, b].map(async ({ log }) => new Promise(resolve => {
      log.addEventListener('fork:found', ({ detail }) => { resolve(detail.seq) })
    })))

    await b.log.putRecord(anna.record)
    await a.log.ingest(anna.space, [...shared, ...left].reverse())
    await b.log.ingest(anna.space, [...shared, ...right].reverse())
    await b.sync.open(a.node.peerId, anna.space)
    expect(await found).to.deep.equal([300, 300])
    expect(await countingEntries(a.log, anna.space)).to.have.lengthOf(300)
    expect(await countingEntries(b.log, anna.space)).to.have.lengthOf(300)
  })
})
