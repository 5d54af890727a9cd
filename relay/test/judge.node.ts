import { encode, encodeEntry, memoryStore, signEntry, systemClock } from '@pergola/protocols'
import { topicOf } from '@pergola/protocols/gossip'
import { createLog } from '@pergola/protocols/log'
import { expect } from 'aegir/chai'
import { judgeMessage } from '../src/walls/judge.ts'
import { makePerson } from './support/devices.ts'
import type { Person } from './support/devices.ts'
import type { Entry } from '@pergola/protocols'
import type { GossipKind, GossipVerdict } from '@pergola/protocols/gossip'
import type { Log } from '@pergola/protocols/log'

describe('what a relay makes of a hint', () => {
  let anna: Person
  let entry: Entry
  let log: Log

  before(async () => {
    anna = await makePerson()
    entry = await signEntry(anna.signers[0], { space: anna.wall, identity: anna.identity, rec: 0, seq: 0, prev: null, time: 1 }, encode('hello'))
  })

  beforeEach(() => {
    log = createLog({ store: memoryStore(), clock: systemClock })
  })

  const judge = async (kind: GossipKind, bytes: Uint8Array, into: Log = log): Promise<GossipVerdict> => judgeMessage(
    { log: into, admits: () => true, takes: async () => true },
    { kind, bytes, topic: topicOf(anna.wall), from: undefined as never }
  )

  it('[GO8] passes on and keeps what is signed and belongs there', async () => {
    expect(await judge('record', anna.record.bytes)).to.equal('accept')
    expect(await judge('entry', encodeEntry(entry))).to.equal('accept')
    expect(await log.spaces()).to.deep.equal([anna.wall])
  })

  it('[GO8] rejects what is not signed, of another topic, or nothing at all', async () => {
    const bert = await makePerson()

    expect(await judge('entry', encodeEntry({ ...entry, signature: new Uint8Array(64) }))).to.equal('reject')
    expect(await judge('record', bert.record.bytes)).to.equal('reject')

    for (const kind of ['record', 'entry'] as const) {
      expect(await judge(kind, Uint8Array.of(1, 2, 3))).to.equal('reject')
    }
  })

  it('[GO8] blames nobody for a record of a later version, or for a store that does not work', async () => {
    const store = memoryStore()
    const broken = createLog({ store, clock: systemClock })

    await store.close()
    expect(await judge('record', encode([encode({ v: 2 }), new Uint8Array(64), new Uint8Array(1)]))).to.equal('ignore')
    expect(await judge('record', anna.record.bytes, broken)).to.equal('ignore')
    expect(await judge('entry', encodeEntry(entry), broken)).to.equal('ignore')
  })
})
