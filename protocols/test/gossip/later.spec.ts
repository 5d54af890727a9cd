import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { MAX_LATER_BYTES, MAX_LATER_PER_PEER, MAX_LATER_PER_TOPIC } from '../../src/gossip/constants.ts'
import { topicOf } from '../../src/gossip/index.ts'
import { LaterEntries } from '../../src/gossip/later.ts'
import { idBytes } from '../../src/ids.ts'
import { encodeEntry } from '../../src/log/index.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import type { GossipMessage, GossipVerdict } from '../../src/gossip/index.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { PeerId } from '@libp2p/interface'

describe('gossip: entries of later versions', () => {
  let anna: Person
  let peers: PeerId[]
  let now: number
  let later: LaterEntries

  before(async () => {
    anna = await person('anna')
    peers = await Promise.all([0, 1, 2].map(async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))))
  })

  beforeEach(() => {
    now = 1_000
    later = new LaterEntries({ now: () => now })
  })

  function judge (from: PeerId, space: SpaceId, bytes: Uint8Array, kind: GossipMessage['kind'] = 'entry'): GossipVerdict | undefined {
    return later.judge({ kind, bytes, from, space, topic: topicOf(space) })
  }

  /** With so many bytes in all */
  function entryOf (space: SpaceId, length: number = 200): Uint8Array {
    const shape = (fill: number): Uint8Array => encode([encode({ v: 2, space: idBytes(space) }), new Uint8Array(fill)])
    const head = shape(length).length - length

    return shape(length - head)
  }

  it('[GO19] leaves what is of this version, or no entry, to others', async () => {
    const [entry] = await writeChain(anna, 1)

    for (const bytes of [encodeEntry(entry), encodeEntry(entry, false), new Uint8Array(0), encode([1, 2]), encode(['entry'])]) {
      expect(judge(peers[0], anna.space, bytes)).to.equal(undefined)
    }

    expect(judge(peers[0], anna.space, entryOf(anna.space), 'record')).to.equal(undefined)
  })

  it(`[GO19] passes on ${MAX_LATER_BYTES} bytes and not one more`, () => {
    expect(entryOf(anna.space, MAX_LATER_BYTES)).to.have.length(MAX_LATER_BYTES)
    expect(judge(peers[0], anna.space, entryOf(anna.space, MAX_LATER_BYTES))).to.equal('accept')
    expect(judge(peers[0], anna.space, entryOf(anna.space, MAX_LATER_BYTES + 1))).to.equal('ignore')
  })

  it('[GO19] passes nothing on in the topic of another space', async () => {
    const bert = await person('bert')

    expect(judge(peers[0], anna.space, entryOf(bert.space))).to.equal('ignore')
  })

  it(`[GO19] passes on ${MAX_LATER_PER_PEER} of one neighbour in a minute and not one more`, () => {
    for (let i = 0; i < MAX_LATER_PER_PEER; i++) {
      expect(judge(peers[0], anna.space, entryOf(anna.space))).to.equal('accept')
    }

    expect(judge(peers[0], anna.space, entryOf(anna.space))).to.equal('ignore')
    expect(judge(peers[1], anna.space, entryOf(anna.space))).to.equal('accept')
    now += 60_000
    expect(judge(peers[0], anna.space, entryOf(anna.space))).to.equal('accept')
  })

  it(`[GO19] passes on ${MAX_LATER_PER_TOPIC} in one topic in a minute and not one more`, async () => {
    const bert = await person('bert')

    for (let i = 0; i < MAX_LATER_PER_TOPIC; i++) {
      expect(judge(peers[i % 2], anna.space, entryOf(anna.space))).to.equal('accept')
    }

    expect(judge(peers[2], anna.space, entryOf(anna.space))).to.equal('ignore')
    expect(judge(peers[2], bert.space, entryOf(bert.space))).to.equal('accept')
  })
})
