import { expect } from 'aegir/chai'
import { LEAF_BYTES } from '../../src/media/constants.ts'
import { memoryCache } from '../../src/media/index.ts'
import { connect, noiseBytes, startPeer, stopPeers } from './support/peers.ts'
import type { MediaPeer } from './support/peers.ts'

describe('media: a relay fetches through', () => {
  let home: MediaPeer
  let relay: MediaPeer
  let stranger: MediaPeer

  beforeEach(async () => {
    home = await startPeer()
    relay = await startPeer({
      blockstore: await memoryCache(4 * LEAF_BYTES),
      sourcesFor: () => home.libp2p.getPeers().some(peer => peer.equals(relay.libp2p.peerId)) ? [home.libp2p.peerId] : []
    })
    stranger = await startPeer()
    await connect(home, relay)
    await connect(stranger, relay)
  })

  afterEach(stopPeers)

  it('[ME8] a stranger gets from the relay what only the home node has', async () => {
    const bytes = noiseBytes(10 * LEAF_BYTES + 3)
    const { cid, size } = await home.media.add(bytes)

    const got = await stranger.media.get(cid, size, { providers: [relay.libp2p.peerId] })

    expect(got).to.equalBytes(bytes)
    expect(stranger.libp2p.getPeers().map(String)).to.deep.equal([relay.libp2p.peerId.toString()])
    expect(await relay.media.has(cid)).to.equal(false, 'a small cache does not keep all of it')
  })

  it('[ME8] several strangers at the same time', async () => {
    const other = await startPeer()
    await connect(other, relay)
    const bytes = noiseBytes(8 * LEAF_BYTES)
    const { cid, size } = await home.media.add(bytes)

    const both = await Promise.all([stranger, other].map(async ({ media }) => media.get(cid, size, { providers: [relay.libp2p.peerId] })))

    expect(both[0]).to.equalBytes(bytes)
    expect(both[1]).to.equalBytes(bytes)
  })

  it('[ME8] what nobody has is "don\'t have", and not a wait', async () => {
    const elsewhere = await startPeer()
    const { cid, size } = await elsewhere.media.add(noiseBytes(1000))

    await expect(stranger.media.get(cid, size, { providers: [relay.libp2p.peerId] })).to.eventually.be.rejected
      .with.property('name', 'MediaUnavailableError')
  })

  it('[ME8] with nobody to ask the relay answers for itself', async () => {
    const { cid, size } = await home.media.add(noiseBytes(1000))
    await home.libp2p.hangUp(relay.libp2p.peerId)

    await expect(stranger.media.get(cid, size, { providers: [relay.libp2p.peerId] })).to.eventually.be.rejected
      .with.property('name', 'MediaUnavailableError')
  })

  it('[ME8] the relay does not ask whoever asks it', async () => {
    const { cid, size } = await stranger.media.add(noiseBytes(1000))

    await expect(home.media.get(cid, size, { providers: [relay.libp2p.peerId] })).to.eventually.be.rejected
      .with.property('name', 'MediaUnavailableError')
  })

  it('[ME6] who is not admitted gets nothing', async () => {
    const closed = await startPeer({ admits: peer => !peer.equals(stranger.libp2p.peerId) })
    await connect(stranger, closed)
    await connect(home, closed)
    const { cid, size } = await closed.media.add(noiseBytes(1000))
    const providers = [closed.libp2p.peerId]

    expect(await home.media.get(cid, size, { providers })).to.have.lengthOf(1000)
    await expect(stranger.media.get(cid, size, { providers })).to.eventually.be.rejected
      .with.property('name', 'MediaUnavailableError')
  })
})
