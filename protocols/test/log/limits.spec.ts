import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { systemClock } from '../../src/interface.ts'
import { MAX_CHAINS_PER_SPACE, MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES, MAX_SYNC_RANGES } from '../../src/limits.ts'
import { Chains } from '../../src/log/chains.ts'
import { createLog, decodeEntry, encodeEntry, signEntry } from '../../src/log/index.ts'
import { planIntake } from '../../src/log/ingest.ts'
import { Records } from '../../src/log/records.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import { crashableStore } from '../../src/testing/simulator-store.ts'
import type { SpaceChains } from '../../src/log/chains.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

describe('limits of the log', () => {
  let anna: Person

  before(async () => {
    anna = await person('anna', 2)
  })

  it(`[LG3] a payload has at most ${MAX_PAYLOAD_BYTES} bytes`, async () => {
    const header = { space: anna.space, identity: anna.identity, rec: 0, seq: 0, prev: null, time: 1 }
    const entry = await signEntry(anna.signers[0], header, new Uint8Array(MAX_PAYLOAD_BYTES))

    expect(decodeEntry(encodeEntry(entry)).payload).to.have.lengthOf(MAX_PAYLOAD_BYTES)
    await expect(signEntry(anna.signers[0], header, new Uint8Array(MAX_PAYLOAD_BYTES + 1))).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })

  it(`[LG2] a header has at most ${MAX_HEADER_BYTES} bytes`, () => {
    const stored = encode([new Uint8Array(MAX_HEADER_BYTES + 1), new Uint8Array(64), null])

    expect(() => decodeEntry(stored)).to.throw().with.property('name', 'LimitExceededError')
  })

  it(`[LG30] a chain is kept in at most ${MAX_SYNC_RANGES} ranges`, async () => {
    const log = createLog({ store: crashableStore(), clock: systemClock })
    const written = await writeChain(anna, 2 * MAX_SYNC_RANGES + 2)
    const even = written.filter(({ header }) => header.seq % 2 === 0)

    await log.putRecord(anna.record)
    expect((await log.ingest(anna.space, even.slice(0, MAX_SYNC_RANGES))).added).to.have.lengthOf(MAX_SYNC_RANGES)
    expect((await log.ingest(anna.space, [even[MAX_SYNC_RANGES]])).refused[0].reason).to.equal('unlinked')
    expect((await log.ingest(anna.space, [written[1]])).added).to.have.lengthOf(1)
    expect((await log.ingest(anna.space, [even[MAX_SYNC_RANGES]])).added).to.have.lengthOf(1)
  })

  it(`[LG31] a space has at most ${MAX_CHAINS_PER_SPACE} chains`, async () => {
    const store = crashableStore()
    const records = new Records(store)
    const components = { store, records, chains: new Chains(store), mayWrite: () => true }
    const [entry] = await writeChain(anna, 1)
    const chains: SpaceChains = new Map()

    records.set(anna.record)

    for (let i = 0; i < MAX_CHAINS_PER_SPACE - 1; i++) {
      chains.set(`${i}`, { key: anna.chain(), held: { segments: [] } })
    }

    expect((await planIntake(components, anna.space, chains, [entry])).result.added).to.have.lengthOf(1)
    chains.set('one more', { key: anna.chain(), held: { segments: [] } })
    expect((await planIntake(components, anna.space, chains, [entry])).result.refused[0].reason).to.equal('too-many-chains')
  })
})
