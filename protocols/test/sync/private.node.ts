import { expect } from 'aegir/chai'
import { systemRandom } from '../../src/interface.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/limits.ts'
import { encodeEntry } from '../../src/log/index.ts'
import { privateSpaceId } from '../../src/space/index.ts'
import { payloadOf, person, recordOf } from '../../src/testing/simulator-people.ts'
import { createPeer, eventOf, holds } from './network.ts'
import type { TestPeer, TestPeerInit } from './network.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Entry } from '../../src/log/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

describe('sync of private spaces', () => {
  const running: TestPeer[] = []
  let anna: Person
  let bert: Person
  let space: SpaceId

  before(async () => {
    anna = await person('anna')
    bert = await person('bert')
  })

  beforeEach(() => {
    space = privateSpaceId(() => systemRandom.bytes(32))
  })

  afterEach(async () => { await Promise.all(running.splice(0).map(async peer => peer.stop())) })

  async function peer (init: TestPeerInit = {}): Promise<TestPeer> {
    const made = await createPeer({ mayWrite: () => true, ...init })

    running.push(made)

    return made
  }

  async function write ({ log }: TestPeer, { signers, identity, record }: Person, payload: Uint8Array = payloadOf('hello')): Promise<Entry> {
    await log.putRecord(record)

    return log.append(signers[0], { space, identity, rec: 0, time: 1, payload })
  }

  /** Two who are connected to a third and not to each other, all with the space open */
  async function star (): Promise<[hub: TestPeer, a: TestPeer, b: TestPeer]> {
    const [hub, a, b] = await Promise.all([peer(), peer(), peer()])

    for (const leaf of [a, b]) {
      const caughtUp = eventOf(leaf.sync, 'space:caught-up')

      await leaf.connect(hub)
      await leaf.sync.open(hub.node.peerId, space)
      await caughtUp
    }

    return [hub, a, b]
  }

  it('[SY26] the record of whoever writes goes before the first entry, through others too', async () => {
    const [, a, b] = await star()
    const refused: string[] = []
    const ingest = b.log.ingest.bind(b.log)

    b.log.ingest = async (...args) => {
      const result = await ingest(...args)

      refused.push(...result.refused.map(({ reason }) => reason))

      return result
    }

    await write(a, anna)
    await write(a, bert)
    await holds(b.log, space, 2)
    expect(await b.log.record(anna.identity)).to.deep.equal(anna.record)
    expect(await b.log.record(bert.identity)).to.deep.equal(bert.record)
    expect(refused).to.deep.equal([])
  })

  it('[SY26] records go to nobody where their identities never wrote', async () => {
    const [hub, a, b] = await star()

    await hub.log.putRecord(bert.record)
    await write(a, anna)
    await holds(b.log, space, 1)
    await hub.log.putRecord(await recordOf(bert.root, bert.signers, bert.record))
    await write(a, anna)
    await holds(b.log, space, 2)
    expect(await b.log.record(bert.identity)).to.equal(undefined)

    const next = await recordOf(anna.root, anna.signers, anna.record)
    const told = new Promise(resolve => { b.log.addEventListener('record:changed', ({ detail }) => { resolve(detail.record) }, { once: true }) })

    await a.log.putRecord(next)
    expect(await told).to.deep.equal(next)
  })

  it('[SY37] takes what there is room for to the last byte, refuses the space with one more, and the stream goes on', async () => {
    let room = 0
    const reader = await peer({
      takes: (_space, _peer, bytes) => {
        room -= bytes

        return room >= 0
      }
    })
    const writer = await peer()
    const first = await write(writer, anna)

    room = anna.record.bytes.length + encodeEntry(first).length
    await reader.connect(writer)
    await reader.sync.open(writer.node.peerId, space)
    await holds(reader.log, space, 1)
    expect(room).to.equal(0)

    const refused = eventOf(writer.sync, 'space:refused')
    const second = await write(writer, anna)

    expect(await refused).to.have.property('space', space)
    expect((await reader.log.chains(space))[0].head.seq).to.equal(0)

    // another space over the same stream
    room = Infinity

    const other = (await person('carl')).space

    await reader.sync.open(writer.node.peerId, other)
    await eventOf(reader.sync, 'space:caught-up', detail => detail.space === other)
    await reader.sync.open(writer.node.peerId, space)
    await holds(reader.log, space, 2)
    expect((await reader.log.chains(space))[0].head.id).to.equal(second.id)
  })

  it('[SY37] what was not taken counts as dealt with: more than a round of it stops nothing else', async () => {
    const reader = await peer({ takes: (refused, _peer, _bytes, recordOf) => refused !== space || recordOf != null })
    const writer = await peer()

    for (let i = 0; i < 40; i++) {
      await write(writer, anna, new Uint8Array(MAX_PAYLOAD_BYTES).fill(i))
    }

    await reader.connect(writer)

    for (let i = 0; i < 3; i++) {
      const refused = eventOf(writer.sync, 'space:refused')

      await reader.sync.open(writer.node.peerId, space)
      await refused
    }

    const wall = anna.space

    for (let i = 0; i < 40; i++) {
      await writer.log.append(anna.signers[0], { space: wall, identity: anna.identity, rec: 0, time: 1, payload: new Uint8Array(MAX_PAYLOAD_BYTES).fill(i) })
    }

    await reader.sync.open(writer.node.peerId, wall)
    await holds(reader.log, wall, 40)
  })
})
