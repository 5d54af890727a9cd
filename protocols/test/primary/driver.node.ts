import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { expect } from 'aegir/chai'
import { createLibp2p } from 'libp2p'
import { hello } from '../../src/hello/index.ts'
import { primary, PRIMARY_PROTOCOL } from '../../src/primary/index.ts'
import { devices, ending, meet, owner, recordWith, sees } from './devices.ts'
import type { HelloSelf } from '../../src/hello/index.ts'
import type { PrimaryEvents } from '../../src/primary/index.ts'
import type { Stream } from '@libp2p/interface'

describe('primary between libp2p peers', () => {
  const net = devices()

  afterEach(async () => {
    await net.stop()
  })

  it('[PR24] [PR28] the next takes over when the connections of the first break, and ends its work when the first is back', async () => {
    const ada = await owner(1, 3)
    const [first, second, third] = [await net.start(ada, 0), await net.start(ada, 1), await net.start(ada, 2)]
    const begun: number[] = []
    const ended = new Promise<void>(resolve => {
      second.primary.whenPrimary(async signal => {
        begun.push(1)
        signal.addEventListener('abort', () => { resolve() }, { once: true })
      })
    })

    await meet(second.peer, first.peer)
    await meet(third.peer, first.peer)
    await meet(third.peer, second.peer)
    await Promise.all([first, second, third].map(async ({ primary }) => sees(primary, view => view.primary === ada.devices[0] && view.alive.length === 2)))
    expect(begun).to.deep.equal([])

    first.peer.getConnections().forEach(connection => { connection.abort(new Error('The cable was pulled')) })
    expect(await sees(second.primary, ({ acts }) => acts)).to.deep.equal({ primary: ada.devices[1], acts: true, alive: [ada.devices[2]] })
    await sees(third.primary, view => view.primary === ada.devices[1])
    expect(begun).to.deep.equal([1])

    await meet(first.peer, second.peer)
    await sees(third.primary, view => view.primary === ada.devices[0])
    await ended
    expect(second.primary.view().acts).to.equal(false)
  })

  it('[PR12] [PR24] a device that stops says farewell, and the next takes over long before it would be missed', async function () {
    this.timeout(18_000)

    const ada = await owner(1, 2)
    const [first, second] = [await net.start(ada, 0, { isFast: false }), await net.start(ada, 1, { isFast: false })]

    await meet(second.peer, first.peer)
    await sees(second.primary, view => view.primary === ada.devices[0])
    await first.peer.stop()
    await sees(second.primary, ({ acts }) => acts)
    expect(first.primary.view()).to.deep.equal({ acts: false, alive: [] })
  })

  it('[PR20] [PR26] goes by the order that its owner chose, and by a new one', async () => {
    const ada = await owner(1, 2)
    const init = { order: { order: [ada.devices[1]] } }
    const [first, second] = [await net.start(ada, 0, init), await net.start(ada, 1, init)]

    await meet(second.peer, first.peer)
    await sees(first.primary, view => view.primary === ada.devices[1])

    init.order = { order: [ada.devices[0]] }
    await Promise.all([first.primary.refresh(), second.primary.refresh()])
    await sees(second.primary, view => view.primary === ada.devices[0])
  })

  it('[PR21] waits until it is caught up', async () => {
    const ada = await owner(1, 2)
    const [first, second] = [await net.start(ada, 0, { isCaughtUp: false }), await net.start(ada, 1)]

    await meet(second.peer, first.peer)
    await sees(first.primary, view => view.primary === ada.devices[1])
    first.primary.caughtUp()
    await sees(second.primary, view => view.primary === ada.devices[0])
  })

  it('[PR31] a stream that was reset is opened anew', async () => {
    const ada = await owner(1, 2)
    const streams: Stream[] = []
    let heard = (): void => {}
    const next = async (): Promise<void> => new Promise(resolve => { heard = resolve })
    const first = await net.start(ada, 0)
    const other = await net.bare({ record: ada.record, signer: ada.signers[1] }, [ada.identity], stream => {
      streams.push(stream)
      heard()
    })

    for (let i = 0; i < 3; i++) {
      const opened = next()

      if (i === 0) {
        await meet(other, first.peer)
      } else {
        streams[i - 1].abort(new Error('No more'))
      }

      await opened
    }

    expect(streams).to.have.length(3)
    expect(other.getConnections()).to.have.length(1)
  })

  it('[PR3] says when another device has a newer record, and goes on with it', async () => {
    const ada = await owner(1, 3)
    const [first, second] = [await net.start(ada, 0), await net.start(ada, 1)]
    const newer = new Promise<PrimaryEvents['record:newer']['detail']>(resolve => {
      second.primary.addEventListener('record:newer', ({ detail }) => { resolve(detail) }, { once: true })
    })

    await meet(second.peer, first.peer)
    first.self.record = await recordWith(ada.root, ada.signers.slice(0, 2), ada.record, [ada.devices[2]])
    await first.primary.refresh()
    expect(await newer).to.deep.equal({ peer: first.peer.peerId, seq: 1 })
  })

  it('[PR35] the streams of a device that is closed are reset at once, in both directions', async () => {
    const ada = await owner(1, 2)
    const first = await net.start(ada, 0)
    const opened: { resolve? (stream: Stream): void } = {}
    const inbound = new Promise<Stream>(resolve => { opened.resolve = resolve })
    const other = await net.bare({ record: ada.record, signer: ada.signers[1] }, [ada.identity], stream => { opened.resolve?.(stream) })

    await meet(other, first.peer)

    const [mine, theirs] = [await other.dialProtocol(first.peer.peerId, PRIMARY_PROTOCOL), await inbound]
    const ends = Promise.all([ending(mine), ending(theirs)])

    first.self.record = await recordWith(ada.root, ada.signers.slice(0, 1), ada.record, [ada.devices[1]])
    await first.primary.refresh()
    expect(await ends).to.deep.equal(['reset', 'reset'])
    expect(other.getConnections()).to.have.length(1)
  })

  it('[PR21] begins when a device becomes somebody\'s, also with those that are connected, and ends with a stop', async () => {
    const ada = await owner(1, 1)
    const timers = new Set<() => void>()
    let self: HelloSelf | undefined
    const peer = await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: {
        hello: hello({ self: () => self, accepts: () => true }),
        primary: primary({
          self: () => self,
          timer: run => {
            timers.add(run)

            return () => { timers.delete(run) }
          }
        })
      }
    })
    const { primary: service } = peer.services

    service.caughtUp()
    expect(service.view()).to.deep.equal({ acts: false, alive: [] })
    self = { record: ada.record, signer: ada.signers[0] }
    await service.refresh()
    expect(service.view()).to.deep.equal({ primary: ada.devices[0], acts: true, alive: [] })

    self = undefined
    await service.refresh()
    expect(service.view()).to.deep.equal({ acts: false, alive: [] })
    expect([...timers]).to.deep.equal([])

    self = { record: ada.record, signer: ada.signers[0] }
    await service.refresh()
    await peer.stop()
    expect([...timers]).to.deep.equal([])
    expect(service.view()).to.deep.equal({ acts: false, alive: [] })
    await peer.start()
    expect(service.view().acts).to.equal(false)
    service.caughtUp()
    expect(service.view().acts).to.equal(true)
    await peer.stop()
  })

  it('[PR30] runs over a limited connection', async () => {
    const ada = await owner(1, 2)
    const common = { connectionEncrypters: [noise()], streamMuxers: [yamux()] }
    const [one, two] = ada.signers.map(signer => ({ record: ada.record, signer }))
    const relay = await createLibp2p({
      ...common,
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      services: { identify: identify(), relay: circuitRelayServer() }
    })
    const [relayAddr] = relay.getMultiaddrs()
    const listening = { ...common, transports: [tcp(), circuitRelayTransport()] }
    const first = await createLibp2p({ ...listening, addresses: { listen: [`${relayAddr}/p2p-circuit`] }, services: { identify: identify(), hello: hello({ self: () => one, accepts: () => true }), primary: primary({ self: () => one }) } })
    const second = await createLibp2p({ ...listening, services: { identify: identify(), hello: hello({ self: () => two, accepts: () => true }), primary: primary({ self: () => two }) } })

    try {
      first.services.primary.caughtUp()
      second.services.primary.caughtUp()

      const connection = await second.dial(relayAddr.encapsulate(`/p2p-circuit/p2p/${first.peerId}`))

      expect(connection.limits).to.not.equal(undefined)
      await second.services.hello.prove(first.peerId)
      await sees(second.services.primary, view => view.primary === ada.devices[0])
    } finally {
      await Promise.all([first.stop(), second.stop(), relay.stop()])
    }
  })
})
