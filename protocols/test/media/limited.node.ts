import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'aegir/chai'
import { createLibp2p } from 'libp2p'
import { signerFromSeed } from '../../src/identity/index.ts'
import { spaceId } from '../../src/ids.ts'
import { createMedia, pins } from '../../src/media/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { all } from './support/iterables.ts'
import { noiseBytes } from './support/peers.ts'
import type { Libp2p } from '@libp2p/interface'

describe('media: through a circuit relay', () => {
  const running: Libp2p[] = []

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async libp2p => libp2p.stop()))
  })

  async function host (listen: string[], relays: boolean): Promise<Libp2p> {
    const libp2p = await createLibp2p({
      addresses: { listen },
      transports: [tcp(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: {
        identify: identify(),
        ...(relays ? { relay: circuitRelayServer({ reservations: { defaultDataLimit: 1n << 30n, defaultDurationLimit: 600_000 } }) } : {})
      }
    })
    running.push(libp2p)

    return libp2p
  }

  it('[ME4] [ME12] files and pins pass over a limited connection', async () => {
    const relay = await host(['/ip4/127.0.0.1/tcp/0'], true)
    const address = relay.getMultiaddrs()[0].toString()
    const home = await host([`${address}/p2p-circuit`], false)
    const reader = await host([], false)
    const homeMedia = await createMedia({ libp2p: home, store: memoryStore() })
    const readerMedia = await createMedia({ libp2p: reader, store: memoryStore() })
    const holder = pins({ media: homeMedia, signer: await signerFromSeed(new Uint8Array(32)), admits: () => true })({ libp2p: home })
    const asking = pins({ media: readerMedia })({ libp2p: reader })
    await holder.start()
    await asking.start()
    const connection = await reader.dial(multiaddr(`${address}/p2p-circuit/p2p/${home.peerId.toString()}`))
    expect(connection.limits).to.exist()

    const file = await homeMedia.add(noiseBytes(3_000_000, 1))
    expect(await readerMedia.get(file.cid, file.size, { providers: [home.peerId] })).to.equalBytes(noiseBytes(3_000_000, 1))

    const own = await readerMedia.add(noiseBytes(3_000_000, 2))
    const answers = await all(asking.request(home.peerId, spaceId(new Uint8Array(32)), [own]))
    expect(answers.map(({ type }) => type)).to.deep.equal(['receipt'])

    await Promise.all([holder.stop(), asking.stop(), homeMedia.stop(), readerMedia.stop()])
  })
})
