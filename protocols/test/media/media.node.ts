import { expect } from 'aegir/chai'
import { CID } from 'multiformats/cid'
import { LEAF_BYTES } from '../../src/media/constants.ts'
import { connect, noiseBytes, startPeer, stopPeers } from './support/peers.ts'

const MISSING = CID.parse('bafkreifwypasiwffgjy55z5m5uwt5xnlzqqpzpi7tyfoytfgvdhhm2mkde')

describe('media: files between two peers', () => {
  afterEach(stopPeers)

  it('[ME1] a file of one chunk is one raw block', async () => {
    const { media } = await startPeer()
    const { cid, size } = await media.add(noiseBytes(LEAF_BYTES))

    expect(cid.version).to.equal(1)
    expect(cid.code).to.equal(0x55)
    expect(size).to.equal(LEAF_BYTES)
    expect(await media.get(cid, size, { providers: [] })).to.equalBytes(noiseBytes(LEAF_BYTES))
  })

  it('[ME1] a larger file is a tree of chunks of 256 KiB', async () => {
    const { media } = await startPeer()
    const bytes = noiseBytes(2 * LEAF_BYTES + 1)
    const { cid, size } = await media.add(bytes)

    expect(cid.code).to.equal(0x70)
    expect(await media.get(cid, size, { providers: [] })).to.equalBytes(bytes)
  })

  it('[ME1] an empty file', async () => {
    const { media } = await startPeer()
    const { cid, size } = await media.add(new Uint8Array())

    expect(size).to.equal(0)
    expect(await media.get(cid, 0, { providers: [] })).to.have.lengthOf(0)
  })

  it('[ME3] 20 MB arrive whole, with progress', async () => {
    const home = await startPeer()
    const reader = await startPeer()
    const bytes = noiseBytes(20 * 1024 * 1024)
    const { cid, size } = await home.media.add(bytes)
    await connect(reader, home)
    const progress: number[] = []

    const got = await reader.media.get(cid, size, {
      providers: [home.libp2p.peerId],
      onProgress: done => { progress.push(done) }
    })

    expect(got).to.equalBytes(bytes)
    expect(progress).to.have.lengthOf.above(80)
    expect(progress.at(-1)).to.equal(size)
    expect(await reader.media.has(cid)).to.be.true()
  })

  it('[ME4] nobody but the providers is asked', async () => {
    const home = await startPeer()
    const other = await startPeer()
    const reader = await startPeer()
    const { cid, size } = await other.media.add(noiseBytes(1000))
    let asked = 0
    await other.libp2p.unhandle('/ipfs/bitswap/1.2.0')
    await other.libp2p.handle('/ipfs/bitswap/1.2.0', () => { asked++ })
    await connect(reader, home)
    await connect(reader, other)

    await expect(reader.media.get(cid, size, { providers: [home.libp2p.peerId] })).to.eventually.be.rejected
      .with.property('name', 'MediaUnavailableError')
    expect(await reader.media.has(cid)).to.be.false()
    expect(asked).to.equal(0)
  })

  it('[ME4] stopped, nothing is fetched or served; started again, everything is', async () => {
    const home = await startPeer()
    const reader = await startPeer()
    const { cid, size } = await home.media.add(noiseBytes(1000))
    const options = { providers: [home.libp2p.peerId] }
    await connect(reader, home)
    await reader.media.stop()
    await reader.media.stop()

    await expect(reader.media.get(cid, size, options)).to.eventually.be.rejected.with.property('name', 'MediaUnavailableError')
    await home.media.stop()
    await home.media.start()
    await reader.media.start()
    await reader.media.start()
    expect(await reader.media.get(cid, size, options)).to.have.lengthOf(1000)
  })

  it('[ME4] the next provider is asked when the first does not have it', async () => {
    const home = await startPeer()
    const relay = await startPeer()
    const reader = await startPeer()
    const { cid, size } = await relay.media.add(noiseBytes(3 * LEAF_BYTES))
    await connect(reader, home)
    await connect(reader, relay)

    const got = await reader.media.get(cid, size, { providers: [home.libp2p.peerId, relay.libp2p.peerId] })

    expect(got).to.equalBytes(noiseBytes(3 * LEAF_BYTES))
  })

  it('[ME4] a block that was missing is found when asked for again', async () => {
    const home = await startPeer()
    const reader = await startPeer()
    await connect(reader, home)
    const bytes = noiseBytes(1000)
    const { cid, size } = await (await startPeer()).media.add(bytes)
    const options = { providers: [home.libp2p.peerId] }

    await expect(reader.media.get(cid, size, options)).to.eventually.be.rejected.with.property('name', 'MediaUnavailableError')
    await home.media.add(bytes)
    expect(await reader.media.get(cid, size, options)).to.equalBytes(bytes)
  })

  it('[ME4] a provider that serves no files is given up soon', async () => {
    const home = await startPeer()
    const reader = await startPeer()
    const { cid, size } = await home.media.add(noiseBytes(1000))
    await connect(reader, home)
    await home.libp2p.unhandle('/ipfs/bitswap/1.2.0')

    await expect(reader.media.get(cid, size, { providers: [home.libp2p.peerId] })).to.eventually.be.rejected
      .with.property('name', 'MediaUnavailableError')
  })

  it('[ME4] a wait ends with its signal', async () => {
    const home = await startPeer()
    const reader = await startPeer()
    const controller = new AbortController()
    const getting = reader.media.get(MISSING, 10, { providers: [home.libp2p.peerId], signal: controller.signal })
    controller.abort(new Error('enough'))

    await expect(getting).to.eventually.be.rejectedWith('enough')
  })

  it('[ME7] a pinned file is fetched and kept; unpinning frees what nothing else pins', async () => {
    const home = await startPeer()
    const reader = await startPeer()
    const shared = noiseBytes(LEAF_BYTES)
    const one = await reader.media.add(new Uint8Array([...shared, 1]))
    const two = await reader.media.add(new Uint8Array([...shared, 2]))
    await connect(home, reader)
    const options = { providers: [reader.libp2p.peerId], maxBytes: 1024 * 1024 }

    const { size } = await home.media.pin(one.cid, options)
    await home.media.pin(two.cid, options)

    expect(size).to.be.above(one.size)
    expect(await home.media.isPinned(one.cid)).to.be.true()

    await home.media.unpin(one.cid)

    expect(await home.media.has(one.cid)).to.be.false()
    expect(await home.media.get(two.cid, two.size, { providers: [] })).to.have.lengthOf(two.size)

    await home.media.unpin(two.cid)

    expect(await home.media.has(CID.createV1(0x55, (await reader.media.add(shared)).cid.multihash))).to.be.false()
  })

  it('[ME10] under a quota what was only looked at goes, what is pinned stays', async () => {
    const home = await startPeer()
    const reader = await startPeer({ maxBytes: 3_000_000 })
    await connect(reader, home)
    const providers = [home.libp2p.peerId]
    const files = await Promise.all([1, 2, 3, 4].map(async seed => home.media.add(noiseBytes(900_000, seed))))
    await reader.media.pin(files[0].cid, { providers, maxBytes: 1_000_000 })

    for (const { cid, size } of files) {
      expect(await reader.media.get(cid, size, { providers })).to.have.lengthOf(size)
    }

    expect(await Promise.all(files.map(async ({ cid }) => reader.media.has(cid)))).to.deep.equal([true, false, true, true])
  })

  it('[ME10] a file for which there is no room is shown, and not kept', async () => {
    const home = await startPeer()
    const reader = await startPeer({ maxBytes: 500_000 })
    await connect(reader, home)
    const providers = [home.libp2p.peerId]
    const { cid, size } = await home.media.add(noiseBytes(900_000))

    expect(await reader.media.get(cid, size, { providers })).to.equalBytes(noiseBytes(900_000))
    expect(await reader.media.has(cid)).to.be.false()
    await expect(reader.media.pin(cid, { providers, maxBytes: 1_000_000 })).to.eventually.be.rejected.with.property('name', 'MediaQuotaError')
  })

  it('[ME7] pins outlive a restart', async () => {
    const home = await startPeer()
    const { cid } = await home.media.add(noiseBytes(1000))
    await home.media.pin(cid, { providers: [], maxBytes: 2000 })
    const { store } = home

    const again = await startPeer({ store })

    expect(await again.media.isPinned(cid)).to.be.true()
    const pins = []

    for await (const pin of again.media.pins()) {
      pins.push(pin)
    }

    expect(pins).to.deep.equal([{ cid, size: 1000 }])
  })
})
