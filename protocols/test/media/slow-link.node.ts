import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'aegir/chai'
import { STALL_MS } from '../../src/media/constants.ts'
import { noiseBytes, startPeer, stopPeers } from './support/peers.ts'
import { slowLink } from './support/slow-link.ts'
import type { MediaPeer } from './support/peers.ts'
import type { SlowLink } from './support/slow-link.ts'

async function linkTo (peer: MediaPeer, bytesPerSecond: number): Promise<SlowLink> {
  const port = peer.libp2p.getMultiaddrs()[0].toString().match(/tcp\/(\d+)/)?.[1]

  return slowLink(Number(port), bytesPerSecond)
}

describe('media: links that are slow or break', () => {
  let link: SlowLink

  afterEach(async () => {
    await stopPeers()
    await link?.close()
  })

  it('[ME3] a photo of 2 MB arrives over 60 kB a second', async function () {
    this.timeout(120_000)
    const home = await startPeer()
    const reader = await startPeer()
    link = await linkTo(home, 60_000)
    const bytes = noiseBytes(2_000_000)
    const { cid, size } = await home.media.add(bytes)
    await reader.libp2p.dial(multiaddr(`/ip4/127.0.0.1/tcp/${link.port}`))

    expect(await reader.media.get(cid, size, { providers: [home.libp2p.peerId] })).to.equalBytes(bytes)
  })

  it('[ME4] a file goes on where it was when the connection is back', async () => {
    const home = await startPeer()
    const reader = await startPeer()
    link = await linkTo(home, 4_000_000)
    const bytes = noiseBytes(8_000_000)
    const { cid, size } = await home.media.add(bytes)
    const address = multiaddr(`/ip4/127.0.0.1/tcp/${link.port}`)
    await reader.libp2p.dial(address)
    let cut = false

    reader.libp2p.addEventListener('peer:disconnect', () => { void reader.libp2p.dial(address) })
    const got = await reader.media.get(cid, size, {
      providers: [home.libp2p.peerId],
      onProgress (done) {
        if (!cut && done > 2_000_000) {
          cut = true
          link.cut()
        }
      }
    })

    expect(cut).to.be.true()
    expect(got).to.equalBytes(bytes)
  })

  it('[ME4] a provider that never answers is passed over for the next', async () => {
    const silent = await startPeer()
    const home = await startPeer()
    const reader = await startPeer()
    await silent.libp2p.unhandle('/ipfs/bitswap/1.2.0')
    await silent.libp2p.handle('/ipfs/bitswap/1.2.0', () => {})
    const { cid, size } = await home.media.add(noiseBytes(8_000_000))
    await reader.libp2p.dial(silent.libp2p.getMultiaddrs())
    await reader.libp2p.dial(home.libp2p.getMultiaddrs())

    const got = await reader.media.get(cid, size, { providers: [silent.libp2p.peerId, home.libp2p.peerId] })

    expect(got).to.equalBytes(noiseBytes(8_000_000))
  })

  it('[ME4] … and given up when there is no next', async () => {
    let now = 0
    const silent = await startPeer()
    const reader = await startPeer({ clock: { now: () => now } })
    await silent.libp2p.unhandle('/ipfs/bitswap/1.2.0')
    const asked = Promise.withResolvers<void>()
    await silent.libp2p.handle('/ipfs/bitswap/1.2.0', () => { asked.resolve() })
    const { cid, size } = await silent.media.add(noiseBytes(1000))
    await reader.libp2p.dial(silent.libp2p.getMultiaddrs())
    const getting = reader.media.get(cid, size, { providers: [silent.libp2p.peerId] })
    await asked.promise
    now = STALL_MS

    await expect(getting).to.eventually.be.rejected.with.property('name', 'MediaUnavailableError')
  })
})
