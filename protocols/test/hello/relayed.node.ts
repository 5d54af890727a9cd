import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { expect } from 'aegir/chai'
import { createLibp2p } from 'libp2p'
import { hello } from '../../src/hello/index.ts'
import { friendOf, person } from './people.ts'

describe('hello through a relay', () => {
  it('[HE2] runs over a limited connection', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const common = { connectionEncrypters: [noise()], streamMuxers: [yamux()] }
    const relay = await createLibp2p({
      ...common,
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      services: { identify: identify(), relay: circuitRelayServer() }
    })
    const [relayAddr] = relay.getMultiaddrs()
    const b = await createLibp2p({
      ...common,
      addresses: { listen: [`${relayAddr}/p2p-circuit`] },
      transports: [tcp(), circuitRelayTransport()],
      services: { identify: identify(), hello: hello(friendOf(bob, ada)) }
    })
    const a = await createLibp2p({
      ...common,
      transports: [tcp(), circuitRelayTransport()],
      services: { identify: identify(), hello: hello(friendOf(ada, bob)) }
    })

    try {
      const connection = await a.dial(relayAddr.encapsulate(`/p2p-circuit/p2p/${b.peerId}`))

      expect(connection.limits).to.not.equal(undefined)
      expect(await a.services.hello.prove(b.peerId)).to.have.property('identity', bob.identity)
      expect(b.services.hello.allowed(a.peerId)).to.equal(true)
    } finally {
      await Promise.all([a.stop(), b.stop(), relay.stop()])
    }
  })
})
