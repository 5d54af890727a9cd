import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { expect } from 'aegir/chai'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { MAX_BLOCK_BYTES, MAX_DAG_DEPTH, MAX_SERVED_WANTS_PER_PEER, MAX_WANTS_PER_MESSAGE, MESSAGE_BLOCK_BYTES } from '../../src/media/constants.ts'
import { createExchange } from '../../src/media/exchange.ts'
import { storeBlockstore, storeDatastore } from '../../src/media/index.ts'
import { addWant, bitswapMessage } from '../../src/media/message.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { fileNode, rawBlock } from './support/blocks.ts'
import { connect, noiseBytes, startPeer, stopPeers } from './support/peers.ts'
import type { MediaPeer } from './support/peers.ts'
import type { Exchange } from '../../src/media/exchange.ts'
import type { Libp2p } from '@libp2p/interface'

describe('media: hostile peers', () => {
  let liar: MediaPeer
  let reader: MediaPeer

  beforeEach(async () => {
    liar = await startPeer()
    reader = await startPeer()
    await connect(reader, liar)
  })

  afterEach(stopPeers)

  async function plant (children: Uint8Array[], announced: number[] = children.map(({ length }) => length)): Promise<CID> {
    const blocks = storeBlockstore(liar.store)
    const leaves = children.map(rawBlock)
    const root = fileNode(leaves.map(({ cid }) => cid), announced)

    for (const { cid, bytes } of [...leaves, root]) {
      await blocks.put(cid, bytes)
    }

    return root.cid
  }

  async function get (cid: CID, size: number): Promise<Uint8Array> {
    return reader.media.get(cid, size, { providers: [liar.libp2p.peerId] })
  }

  it('[ME3] a file that was announced smaller', async () => {
    const { cid, size } = await liar.media.add(noiseBytes(1_000_000))

    await expect(get(cid, size - 1)).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
    await expect(get(cid, 10)).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
    expect(await reader.media.has(cid)).to.equal(true, 'within the overhead every block may come')
  })

  it('[ME3] a file that was announced larger', async () => {
    const { cid, size } = await liar.media.add(noiseBytes(1_000_000))

    await expect(get(cid, size + 1)).to.eventually.be.rejected.with.property('name', 'MalformedMediaError')
  })

  it('[ME3] sizes in the tree that are not those of its leaves', async () => {
    const cid = await plant([noiseBytes(100, 1), noiseBytes(100, 2)], [100, 5000])

    await expect(get(cid, 5100)).to.eventually.be.rejected.with.property('name', 'MalformedMediaError')
  })

  it('[ME3] a size that no file here may have', async () => {
    const { cid } = await liar.media.add(noiseBytes(10))

    for (const size of [-1, 0.5, NaN, 2 ** 52, 256 * 1024 * 1024 + 1]) {
      await expect(get(cid, size)).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
    }
  })

  it('[ME5] a block over the limit is neither served nor accepted', async () => {
    const { cid, bytes } = rawBlock(new Uint8Array(MAX_BLOCK_BYTES + 1))
    await storeBlockstore(liar.store).put(cid, bytes)

    await expect(get(cid, bytes.length)).to.eventually.be.rejected.with.property('name', 'MediaUnavailableError')
  })

  it('[ME7] a file of more bytes than may be pinned is given up early', async () => {
    const { cid } = await liar.media.add(noiseBytes(5 * 1024 * 1024))

    await expect(reader.media.pin(cid, { providers: [liar.libp2p.peerId], maxBytes: 1024 * 1024 })).to.eventually.be.rejected
      .with.property('name', 'MediaLimitError')
    expect(await reader.media.isPinned(cid)).to.be.false()
  })

  it('[ME7] a tree too deep is not pinned', async () => {
    const blocks = storeBlockstore(liar.store)
    let block = rawBlock(Uint8Array.of(1))

    for (let i = 0; i <= MAX_DAG_DEPTH; i++) {
      await blocks.put(block.cid, block.bytes)
      block = fileNode([block.cid], [1])
    }

    await blocks.put(block.cid, block.bytes)

    await expect(reader.media.pin(block.cid, { providers: [liar.libp2p.peerId], maxBytes: 1024 * 1024 })).to.eventually.be.rejected
      .with.property('name', 'MediaLimitError')
  })

  it('[ME7] a node that is no dag-pb is refused', async () => {
    const { cid, bytes } = rawBlock(Uint8Array.of(0xff, 0xff, 0xff))
    const root = CID.createV1(0x70, cid.multihash)
    await storeBlockstore(liar.store).put(root, bytes)

    await expect(get(root, 3)).to.eventually.be.rejected.with.property('name', 'MalformedMediaError')
  })
})

describe('media: a peer that wants too much', () => {
  let home: MediaPeer
  let libp2p: Libp2p
  let exchange: Exchange

  beforeEach(async () => {
    home = await startPeer()
    libp2p = await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() }
    })
    const store = memoryStore()
    exchange = await createExchange({ libp2p, blockstore: storeBlockstore(store), datastore: storeDatastore(store) })
    exchange.onWants(() => {})
    await libp2p.dial(home.libp2p.getMultiaddrs())
  })

  afterEach(async () => {
    await exchange.stop()
    await libp2p.stop()
    await stopPeers()
  })

  it('[ME6] everything in a long list is answered, in answers of bounded size', async () => {
    const message = bitswapMessage()
    const wanted = new Set<string>()

    for (let i = 0; i < 40; i++) {
      const { cid } = await home.media.add(noiseBytes(100_000, i + 1))
      wanted.add(cid.toString())
      addWant(message, cid, false)
    }

    const done = Promise.withResolvers<void>()
    exchange.received.addEventListener('block', ({ detail: { cid } }) => {
      wanted.delete(cid.toString())

      if (wanted.size === 0) {
        done.resolve()
      }
    })
    await exchange.send(home.libp2p.peerId, message)
    await done.promise
    expect(40 * 100_000).to.be.above(MESSAGE_BLOCK_BYTES)
  })

  it('[ME6] a want over the limit is answered with "don\'t have" at once', async () => {
    const message = bitswapMessage()

    for (let i = 0; i < MAX_SERVED_WANTS_PER_PEER; i++) {
      const { cid } = await home.media.add(noiseBytes(1000, i + 1))
      addWant(message, cid, false)
    }

    const { cid: last } = await home.media.add(noiseBytes(1000, 9999))
    addWant(message, last, false)
    const blocks: string[] = []
    const done = Promise.withResolvers<void>()
    exchange.received.addEventListener('block', ({ detail: { cid } }) => {
      if (blocks.push(cid.toString()) === MAX_SERVED_WANTS_PER_PEER) {
        done.resolve()
      }
    })
    const refused: string[] = []
    exchange.received.addEventListener('presence', ({ detail: { cid, has } }) => {
      if (!has) {
        refused.push(cid.toString())
      }
    })
    await exchange.send(home.libp2p.peerId, message)
    await done.promise

    expect(blocks).to.not.include(last.toString())
    expect(refused).to.deep.equal([last.toString()])
  })

  it('[ME6] entries over the limit of a want list are not read', async () => {
    const message = bitswapMessage()
    const cids = Array.from({ length: MAX_WANTS_PER_MESSAGE + 1 }, (_, i) => rawBlock(Uint8Array.of(i, i >> 8)).cid)
    cids.forEach(cid => { addWant(message, cid, false) })
    const after = rawBlock(Uint8Array.of(1, 2, 3)).cid
    const missing: string[] = []
    const done = Promise.withResolvers<void>()
    exchange.received.addEventListener('presence', ({ detail: { cid } }) => {
      missing.push(cid.toString())

      if (cid.equals(after)) {
        done.resolve()
      }
    })
    const answered = new Promise<void>(resolve => {
      exchange.received.addEventListener('presence', () => {
        if (missing.length === MAX_WANTS_PER_MESSAGE) {
          resolve()
        }
      })
    })
    await exchange.send(home.libp2p.peerId, message)
    await answered
    const last = bitswapMessage()
    addWant(last, after, false)
    await exchange.send(home.libp2p.peerId, last)
    await done.promise

    expect(missing).to.have.members([...cids.slice(0, -1), after].map(String))
  })
})
