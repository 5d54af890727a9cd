import { expect } from 'aegir/chai'
import { systemClock } from '../../src/interface.ts'
import { createLog, decodeEntry, verifyEntry } from '../../src/log/index.ts'
import { payloadOf, person, writeChain } from '../../src/testing/simulator-people.ts'
import { crashableStore } from '../../src/testing/simulator-store.ts'
import type { Entry, Log } from '../../src/log/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { CrashableStore } from '../../src/testing/simulator-store.ts'

async function all<T> (source: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []

  for await (const value of source) {
    out.push(value)
  }

  return out
}

describe('log', () => {
  let anna: Person
  let store: CrashableStore
  let log: Log

  before(async () => {
    anna = await person('anna', 2)
  })

  beforeEach(async () => {
    store = crashableStore()
    log = createLog({ store, clock: systemClock })
    await log.putRecord(anna.record)
  })

  async function append (text: string): Promise<Entry> {
    return log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf(text), time: 5 })
  }

  it('[LG15] appends one after the other, each naming the one before', async () => {
    const [a, b, c] = await Promise.all([append('a'), append('b'), append('c')])

    expect([a, b, c].map(({ header }) => header.seq)).to.deep.equal([0, 1, 2])
    expect(b.header.prev).to.equal(a.id)
    expect(c.header.prev).to.equal(b.id)
    expect((await all(log.read(anna.chain()))).map(({ id }) => id)).to.deep.equal([a.id, b.id, c.id])
    expect(await log.spaces()).to.deep.equal([anna.space])
    expect(await log.authors(anna.space)).to.deep.equal([anna.identity])
  })

  it('[LG16] has appended durably once it resolves', async () => {
    const entry = await append('a')
    const reopened = createLog({ store: store.crash(), clock: systemClock })

    expect((await reopened.get(anna.chain(), 0))?.id).to.equal(entry.id)
    expect((await reopened.chain(anna.chain()))?.head).to.deep.equal({ seq: 0, id: entry.id })
  })

  it('[LG21] what was found good is found good again, and no other signature or device under the same bytes is', async () => {
    const [entry] = await writeChain(anna, 1)
    const [other] = await writeChain(await person('ben'), 1)

    expect(await verifyEntry(entry)).to.equal(true)
    expect(await verifyEntry({ ...entry })).to.equal(true)
    expect(await verifyEntry({ ...entry, signature: other.signature })).to.equal(false)
    expect(await verifyEntry({ ...entry, header: other.header })).to.equal(false)
    expect(await verifyEntry({ ...entry, headerBytes: other.headerBytes })).to.equal(false)
    entry.signature[40] ^= 1
    expect(await verifyEntry(entry)).to.equal(false)
  })

  it('[LG17] does not append for a device that the record does not list', async () => {
    const stranger = await person('stranger')

    await expect(log.append(stranger.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf('a'), time: 5 }))
      .to.eventually.be.rejected.with.property('name', 'NotAWriterError')
  })

  it('[LG18] goes on after entries of its own that came from peers', async () => {
    const written = await writeChain(anna, 3)

    await log.ingest(anna.space, written.reverse())

    const next = await append('next')

    expect(next.header).to.include({ seq: 3, prev: written[0].id })
  })

  it('[LG20] takes entries in any order', async () => {
    const written = await writeChain(anna, 9)

    expect((await log.ingest(anna.space, [4, 0, 8, 2, 6, 1, 7, 3, 5].map(i => written[i]))).added).to.have.lengthOf(9)
    expect((await log.chain(anna.chain()))?.ranges).to.deep.equal([{ from: 0, to: 8 }])
  })

  it('[LG34] has taken durably once it resolves', async () => {
    await log.ingest(anna.space, (await writeChain(anna, 9)).reverse())

    const reopened = createLog({ store: store.crash(), clock: systemClock })

    expect((await all(reopened.read(anna.chain()))).map(({ header }) => header.seq)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect((await reopened.chain(anna.chain()))?.head.seq).to.equal(8)
    expect(await reopened.record(anna.identity)).to.deep.equal(anna.record)
  })

  it('[LG21] takes a run whose top is signed, newest first', async () => {
    const written = (await writeChain(anna, 10)).reverse()
    const { added, refused, known } = await log.ingest(anna.space, written)

    expect({ added: added.length, refused: refused.length, known }).to.deep.equal({ added: 10, refused: 0, known: 0 })
    expect((await log.chain(anna.chain()))?.ranges).to.deep.equal([{ from: 0, to: 9 }])
    expect(await log.ingest(anna.space, written)).to.deep.equal({ added: [], known: 10, refused: [] })
  })

  it('[LG22] believes an unsigned entry only when the one above names it', async () => {
    const written = (await writeChain(anna, 10)).reverse()
    const spoilt = written.map((entry, i) => i === 4 ? { ...entry, signature: new Uint8Array(64) } : entry)

    expect((await log.ingest(anna.space, spoilt)).refused).to.have.lengthOf(0)

    const alone = createLog({ store: crashableStore(), clock: systemClock })

    await alone.putRecord(anna.record)
    expect((await alone.ingest(anna.space, [spoilt[4]])).refused[0].reason).to.equal('bad-signature')
    expect((await alone.ingest(anna.space, [spoilt[3]])).added).to.have.lengthOf(1)
    expect((await alone.ingest(anna.space, [spoilt[4]])).added).to.have.lengthOf(1)
  })

  it('[LG23] checks the signature at every 64th place', async () => {
    const written = (await writeChain(anna, 70)).reverse()
    const spoilt = written.map(entry => entry.header.seq === 64 ? { ...entry, signature: new Uint8Array(64) } : entry)
    const { added, refused } = await log.ingest(anna.space, spoilt)

    expect(refused.map(({ entry, reason }) => [entry.header.seq, reason])).to.deep.equal([[64, 'bad-signature']])
    expect(added).to.have.lengthOf(69)
  })

  it('[LG23] checks every signature where that is asked for', async () => {
    const written = (await writeChain(anna, 10)).reverse()
    const spoilt = written.map(entry => entry.header.seq === 5 ? { ...entry, signature: new Uint8Array(64) } : entry)
    const careful = createLog({ store: crashableStore(), clock: systemClock, signatures: 'all' })

    await careful.putRecord(anna.record)
    expect((await careful.ingest(anna.space, spoilt)).refused.map(({ entry, reason }) => [entry.header.seq, reason])).to.deep.equal([[5, 'bad-signature']])
    expect((await log.ingest(anna.space, spoilt)).refused).to.have.lengthOf(0)
  })

  it('[LG24] joins ranges, and refuses those that do not fit', async () => {
    const written = await writeChain(anna, 9)
    const other = await writeChain(anna, 2, { after: written[3], text: 'other' })

    await log.ingest(anna.space, written.slice(6).reverse())
    await log.ingest(anna.space, written.slice(0, 3).reverse())
    expect((await log.chain(anna.chain()))?.ranges).to.deep.equal([{ from: 0, to: 2 }, { from: 6, to: 8 }])
    expect((await log.ingest(anna.space, [other[1]])).refused[0].reason).to.equal('fork')
    expect((await log.ingest(anna.space, written.slice(3, 6).reverse())).added).to.have.lengthOf(3)
    expect((await log.chain(anna.chain()))?.ranges).to.deep.equal([{ from: 0, to: 8 }])
  })

  it('[LG25] refuses what stands in another space, or is not by the owner of a wall', async () => {
    const bert = await person('bert')

    await log.putRecord(bert.record)

    const [entry] = await writeChain(bert, 1)
    const [foreign] = await writeChain({ ...bert, space: anna.space }, 1)

    expect((await log.ingest(anna.space, [entry])).refused[0].reason).to.equal('wrong-space')
    expect((await log.ingest(anna.space, [foreign])).refused[0].reason).to.equal('wrong-space')
  })

  it('[LG26] refuses a device that is not listed, and a record not seen yet', async () => {
    const [byUnknown] = await writeChain(anna, 1, { signer: (await person('eve')).signers[0] })
    const [early] = await writeChain(anna, 1, { rec: 1 })

    expect((await log.ingest(anna.space, [byUnknown])).refused[0].reason).to.equal('unknown-device')
    expect((await log.ingest(anna.space, [early])).refused[0].reason).to.equal('unknown-device')
  })

  it('[LG50] forgets a payload and keeps a chain that verifies', async () => {
    const written = (await writeChain(anna, 3)).reverse()

    await log.ingest(anna.space, written)
    await log.dropPayload(anna.chain(), 1)

    const stored = await all(log.readStored(anna.chain(), { reverse: true }))
    const travelled = stored.map(({ bytes }) => decodeEntry(bytes))

    expect(travelled[1].payload).to.equal(undefined)

    const other = createLog({ store: crashableStore(), clock: systemClock })

    await other.putRecord(anna.record)
    expect((await other.ingest(anna.space, travelled)).added).to.have.lengthOf(3)
    // whoever never had it takes it, whoever dropped it does not
    expect((await other.ingest(anna.space, written)).added.map(({ header }) => header.seq)).to.deep.equal([1])
    expect((await log.ingest(anna.space, written)).added).to.have.lengthOf(0)
    expect((await log.get(anna.chain(), 1))?.payload).to.equal(undefined)
  })

  it('[LG51] forgets a space and nothing else', async () => {
    const bert = await person('bert')

    await log.putRecord(bert.record)
    await log.ingest(bert.space, (await writeChain(bert, 2)).reverse())
    await append('a')
    await log.dropSpace(anna.space)
    expect(await log.spaces()).to.deep.equal([bert.space])
    expect(await all(log.read(anna.chain()))).to.deep.equal([])
  })

  it('[LG52] forgets a record, but not one whose wall is held', async () => {
    const bert = await person('bert')

    await log.putRecord(bert.record)
    await append('a')

    for (const { identity } of [anna, bert]) {
      await log.dropRecord(identity)
    }

    expect(await log.record(anna.identity)).to.deep.equal(anna.record)
    expect(await log.record(bert.identity)).to.equal(undefined)

    const reopened = createLog({ store: store.crash(), clock: systemClock })

    expect(await reopened.record(bert.identity)).to.equal(undefined)
    expect(await reopened.putRecord(bert.record)).to.equal(true)
  })

  it('[LG19] says what was added only once it is durable', async () => {
    const seen = new Promise<boolean>(resolve => {
      log.addEventListener('entries:added', () => {
        const reopened = createLog({ store: store.crash(), clock: systemClock })

        resolve(reopened.get(anna.chain(), 0).then(entry => entry != null))
      })
    })

    await append('a')
    expect(await seen).to.equal(true)
  })
})
