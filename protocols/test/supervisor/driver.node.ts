import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect } from 'aegir/chai'
import { gossip } from '../../src/gossip/index.ts'
import { spaceId } from '../../src/ids.ts'
import { supervisor } from '../../src/supervisor/index.ts'
import { makeLeaf, makeRelay } from '../network/make-nodes.ts'
import type { Gossip } from '../../src/gossip/index.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'
import type { SupervisedRelay, Supervisor, SupervisorInit } from '../../src/supervisor/index.ts'
import type { Libp2p, PrivateKey } from '@libp2p/interface'

type Leaf = Libp2p<{ gossip: Gossip, supervisor: Supervisor }>

/** Time that runs a hundred times as fast */
const FASTER = 100
const BEGIN = Date.now()

const fast: Pick<SupervisorInit, 'clock' | 'timer'> = {
  clock: { now: () => BEGIN + (Date.now() - BEGIN) * FASTER },
  timer: (run, ms) => {
    const timer = setTimeout(run, ms / FASTER)

    return () => { clearTimeout(timer) }
  }
}

function infoOf (relay: Libp2p): RelayInfo {
  const peer = relay.peerId.toString()

  return { peer, addrs: relay.getMultiaddrs().map(address => address.toString().replace(`/p2p/${peer}`, '')), path: '' }
}

function reaches (leaf: Leaf, state: SupervisedRelay['state']): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (leaf.services.supervisor.states().some(relay => relay.state === state)) {
        leaf.services.supervisor.removeEventListener('state:changed', look)
        resolve()
      }
    }

    leaf.services.supervisor.addEventListener('state:changed', look)
    look()
  })
}

describe('supervisor: driver', () => {
  const running: Libp2p[] = []

  const track = <N extends Libp2p>(node: N): N => {
    running.push(node)

    return node
  }

  const makeHub = async (privateKey: PrivateKey, port = 0): Promise<Libp2p<{ gossip: Gossip }>> =>
    track(await makeRelay<{ gossip: Gossip }>({ privateKey, listen: [`/ip4/127.0.0.1/tcp/${port}/ws`], services: { gossip: gossip({ role: 'hub', validate: () => 'accept' }) } }))

  const makeClient = async (init: SupervisorInit): Promise<Leaf> =>
    track(await makeLeaf({ services: { gossip: gossip({ validate: () => 'accept' }), supervisor: supervisor(init) } }))

  afterEach(async () => {
    await Promise.all(running.splice(0).map(async node => { await node.stop() }))
  })

  it('[SU10] starts while its relay is down, and reserves by itself when it comes, restarts and comes back on the same port', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const first = await makeHub(privateKey)
    const info = infoOf(first)
    const port = Number(/\/tcp\/(\d+)/.exec(info.addrs[0])?.[1])
    await first.stop()

    const leaf = await makeClient({ relays: [info], ...fast })
    let connections = 0
    leaf.services.supervisor.addEventListener('relay:connected', ({ detail }) => {
      expect(detail.peer.toString()).to.equal(info.peer)
      connections++
    })
    expect(leaf.services.supervisor.light()).to.equal('yellow')
    expect(leaf.getMultiaddrs()).to.deep.equal([])

    for (const round of [1, 2]) {
      const relay = await makeHub(privateKey, port)
      await reaches(leaf, 'connected')

      expect(connections).to.equal(round)
      expect(leaf.services.supervisor.light()).to.equal('green')
      expect(leaf.getMultiaddrs().map(String)).to.include(`${info.addrs[0]}/p2p/${info.peer}/p2p-circuit/p2p/${leaf.peerId.toString()}`)

      await relay.stop()
      await reaches(leaf, 'connecting')
      expect(leaf.getMultiaddrs()).to.deep.equal([])
    }
  })

  it('[SU10] gossip goes on after a restart of the relay', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const first = await makeHub(privateKey)
    const info = infoOf(first)
    const port = Number(/\/tcp\/(\d+)/.exec(info.addrs[0])?.[1])
    const space = spaceId(new Uint8Array(32).fill(3))
    const [a, b] = await Promise.all([makeClient({ relays: [info], ...fast }), makeClient({ relays: [info], ...fast })])
    let relay = first

    for (const round of [1, 2]) {
      if (round === 2) {
        await relay.stop()
        relay = await makeHub(privateKey, port)
      }

      a.services.gossip.subscribe(space)
      b.services.gossip.subscribe(space)

      // each of them hears that the relay is there, over a stream of this round
      while (![a, b].every(leaf => leaf.services.gossip.neighbours(space).length === 1) || relay.services.gossip.neighbours(space).length < 2) {
        await Promise.race([a, b, relay].map(async node => new Promise(resolve => { node.services.gossip.addEventListener('neighbour:changed', resolve, { once: true }) })))
      }

      const received = new Promise(resolve => { b.services.gossip.addEventListener('message:received', resolve, { once: true }) })
      await a.services.gossip.publish(space, 'heads', Uint8Array.of(round))
      await received
    }
  })

  it('[SU4] tries at once when the surroundings say so', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const first = await makeHub(privateKey)
    const info = infoOf(first)
    const port = Number(/\/tcp\/(\d+)/.exec(info.addrs[0])?.[1])
    await first.stop()

    const wake = new EventTarget()
    let now = BEGIN
    // no time passes: nothing but the wake-up can bring a second try
    const leaf = await makeClient({ relays: [info], clock: { now: () => now }, timer: () => () => {}, wake: [wake] })
    await new Promise<void>(resolve => {
      leaf.services.supervisor.addEventListener('state:changed', ({ detail }) => {
        if (detail.failures === 1) {
          resolve()
        }
      })
    })

    await makeHub(privateKey, port)
    now += 2_000
    wake.dispatchEvent(new Event('online'))
    await reaches(leaf, 'connected')
  })

  it('[SU11] closes surplus connections to a relay once it has reserved', async () => {
    const relay = await makeHub(await generateKeyPair('Ed25519'))
    const leaf = await makeClient(fast)
    await leaf.dial(relay.getMultiaddrs())
    await leaf.dial(relay.getMultiaddrs(), { force: true })
    expect(leaf.getConnections(relay.peerId)).to.have.length(2)

    leaf.services.supervisor.add(infoOf(relay))
    await reaches(leaf, 'connected')
    expect(leaf.getConnections(relay.peerId).filter(connection => connection.status === 'open')).to.have.length(1)
  })

  it('[SU13] goes through the addresses of a relay until one answers, and begins with that one afterwards', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const relay = await makeHub(privateKey)
    const info = infoOf(relay)
    const dead = await makeHub(await generateKeyPair('Ed25519'))
    const [nobody] = infoOf(dead).addrs
    await dead.stop()

    const leaf = await makeClient({ relays: [{ ...info, addrs: [nobody, ...info.addrs] }], ...fast })
    await reaches(leaf, 'connected')
    expect(leaf.services.supervisor.states()[0].failures).to.equal(0)
  })

  it('[SU7] is orange when the relay has no place', async () => {
    const relay = track(await makeRelay({ services: { relay: circuitRelayServer({ reservations: { maxReservations: 0 } }) } }))
    const leaf = await makeClient({ relays: [infoOf(relay)], ...fast })
    await reaches(leaf, 'refused')
    expect(leaf.services.supervisor.light()).to.equal('orange')
  })

  it('[SU9] hangs up on a removed relay, and nothing dials it again', async () => {
    const relay = await makeHub(await generateKeyPair('Ed25519'))
    const leaf = await makeClient({ relays: [infoOf(relay)], ...fast })
    await reaches(leaf, 'connected')

    const gone = new Promise(resolve => { relay.addEventListener('peer:disconnect', resolve, { once: true }) })
    leaf.services.supervisor.remove(relay.peerId.toString())
    await gone
    expect(leaf.services.supervisor.light()).to.equal('red')
    expect(leaf.getDialQueue()).to.deep.equal([])
    expect(leaf.getMultiaddrs()).to.deep.equal([])
  })

  it('[SU12] leaves no timer and no listener behind', async () => {
    let timers = 0
    const wake = new EventTarget()
    let listeners = 0
    const counting = {
      addEventListener: (type: string, listener: () => void) => { listeners++; wake.addEventListener(type, listener) },
      removeEventListener: (type: string, listener: () => void) => { listeners--; wake.removeEventListener(type, listener) }
    }
    const relay = await makeHub(await generateKeyPair('Ed25519'))
    const leaf = await makeClient({
      relays: [infoOf(relay)],
      wake: [counting],
      timer: (run, ms) => {
        timers++
        let open = true
        const end = (): void => {
          if (open) {
            open = false
            timers--
          }
        }
        const timer = setTimeout(() => { end(); run() }, ms)

        return () => { end(); clearTimeout(timer) }
      }
    })
    await reaches(leaf, 'connected')
    expect(timers).to.equal(1)
    expect(listeners).to.equal(3)
    await leaf.stop()
    await leaf.stop()
    expect(timers).to.equal(0)
    expect(listeners).to.equal(0)
  })
})
