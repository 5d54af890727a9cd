import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { blockKey } from '../../src/media/block-key.ts'
import { MAX_BLOCK_BYTES, MAX_WANTS_PER_PEER } from '../../src/media/constants.ts'
import { blockRequests } from '../../src/media/requests.ts'
import { rawBlock } from './support/blocks.ts'
import type { Block } from './support/blocks.ts'
import type { Exchange } from '../../src/media/exchange.ts'
import type { BlockRequests } from '../../src/media/requests.ts'
import type { Connection, PeerId } from '@libp2p/interface'

describe('media: bounds of asking', () => {
  let peer: PeerId
  let other: PeerId
  let events: EventTarget
  let received: EventTarget
  let requests: BlockRequests
  /** Wants that are out, by peer and block */
  let out: Set<string>
  let most: number
  let connected: PeerId[]

  before(async () => {
    peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    other = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  })

  beforeEach(() => {
    events = new EventTarget()
    received = new EventTarget()
    out = new Set()
    most = 0
    connected = [peer, other]
    const exchange: Pick<Exchange, 'events' | 'received' | 'send'> = {
      events,
      received,
      send: async (to, { wantlist }) => {
        for (const [key, { cancel }] of wantlist) {
          if (cancel) {
            out.delete(`${to.toString()} ${key}`)
          } else {
            out.add(`${to.toString()} ${key}`)
          }
        }

        most = Math.max(most, out.size)
      }
    }
    requests = blockRequests({
      exchange: { ...exchange, onWants: () => {}, decodeLinks: async () => [], start: () => {}, stop: () => {} },
      libp2p: { getConnections: to => connected.some(one => to?.equals(one)) ? [{} as unknown as Connection] : [] },
      clock: { now: () => 0 }
    })
    void requests.start()
  })

  afterEach(async () => {
    await requests.stop()
  })

  function deliver ({ cid, bytes }: Block, from: PeerId = peer): void {
    out.delete(`${from.toString()} ${blockKey(cid)}`)
    received.dispatchEvent(new CustomEvent('block', { detail: { cid, block: bytes, connection: { remotePeer: from } } }))
  }

  it('[ME4] no more wants are out to one peer than allowed; the others follow', async () => {
    const blocks = Array.from({ length: 3 * MAX_WANTS_PER_PEER }, (_, i) => rawBlock(Uint8Array.of(i)))
    const fetching = Promise.all(blocks.map(async ({ cid }) => requests.fetch(cid, [peer])))

    for (const block of blocks) {
      await Promise.resolve()
      await Promise.resolve()
      expect(out.size).to.be.at.most(MAX_WANTS_PER_PEER)
      deliver(block)
    }

    expect(await fetching).to.deep.equal(blocks.map(({ bytes }) => bytes))
    expect(most).to.equal(MAX_WANTS_PER_PEER)
  })

  it('[ME4] a want that was given up is cancelled, unless another file waits for it', async () => {
    const { cid } = rawBlock(Uint8Array.of(1))
    const first = new AbortController()
    const second = new AbortController()
    const one = requests.fetch(cid, [peer], first)
    const two = requests.fetch(cid, [peer], second)
    await Promise.resolve()
    expect(out.size).to.equal(1)

    first.abort(new Error('one'))
    await expect(one).to.eventually.be.rejectedWith('one')
    expect(out.size).to.equal(1)

    second.abort(new Error('two'))
    await expect(two).to.eventually.be.rejectedWith('two')
    await Promise.resolve()
    expect(out.size).to.equal(0)
  })

  it('[ME4] whoever was asked too gets a cancel when the block is there', async () => {
    const block = rawBlock(Uint8Array.of(1))
    const fetching = requests.fetch(block.cid, [peer, other])
    await Promise.resolve()
    connected = [other]
    events.dispatchEvent(new CustomEvent('peer:disconnected', { detail: peer }))
    await Promise.resolve()
    expect([...out].filter(key => key.startsWith(other.toString()))).to.have.lengthOf(1)
    deliver(block, peer)

    expect(await fetching).to.deep.equal(block.bytes)
    await Promise.resolve()
    expect([...out].filter(key => key.startsWith(other.toString()))).to.have.lengthOf(0)
  })

  it('[ME5] a block of one byte too many is not taken', async () => {
    const block = rawBlock(new Uint8Array(MAX_BLOCK_BYTES + 1))
    const fetching = requests.fetch(block.cid, [peer])
    await Promise.resolve()
    deliver(block)

    await expect(fetching).to.eventually.be.rejected.with.property('name', 'MediaUnavailableError')
  })

  it('[ME4] blocks that nobody asked for do nothing', () => {
    deliver(rawBlock(Uint8Array.of(1)))
  })
})
