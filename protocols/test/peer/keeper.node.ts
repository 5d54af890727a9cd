import { once } from 'node:events'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { expect } from 'aegir/chai'
import { follow } from '../../src/follow/index.ts'
import { gossip } from '../../src/gossip/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { systemClock } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { createPeer } from '../../src/peer/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { sync } from '../../src/sync/index.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import { makeRelay } from '../network/make-nodes.ts'
import type { Follow } from '../../src/follow/index.ts'
import type { Gossip } from '../../src/gossip/index.ts'
import type { Log } from '../../src/log/index.ts'
import type { KeyStore, Peer, SecretName } from '../../src/peer/index.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'
import type { Sync } from '../../src/sync/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

function memoryKeys (): KeyStore {
  const secrets = new Map<SecretName, Uint8Array>()

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => { secrets.set(name, secret) },
    deviceSigner: async () => signerFromSeed(new Uint8Array(32).fill(1))
  }
}

interface Relay {
  info: RelayInfo
  log: Log
  sync: Sync
  /** Whether it shares anything */
  isOpen: boolean
}

describe('peer: keeping walls', () => {
  let stops: Array<{ stop (): unknown }>

  beforeEach(() => { stops = [] })

  afterEach(async () => {
    for (const { stop } of stops.reverse()) {
      await stop()
    }
  })

  async function startPeer (init: { store?: ReturnType<typeof memoryStore>, keys?: KeyStore, repaired?: boolean } = {}): Promise<Peer> {
    const peer = await createPeer({ role: 'client', store: memoryStore(), blocks: memoryStore(), keys: memoryKeys(), ...init })

    stops.push({ stop: async () => peer.stop() })
    await peer.start()

    return peer
  }

  /** One that keeps whatever it is given, and grants no reservations unless asked to */
  async function startRelay (maxReservations = 100): Promise<Relay> {
    const log = createLog({ store: memoryStore(), clock: systemClock })
    const relay = { isOpen: true }
    const node = await makeRelay<{ gossip: Gossip, sync: Sync, follow: Follow }>({
      services: {
        relay: circuitRelayServer({ reservations: { maxReservations } }),
        gossip: gossip({ role: 'hub', validate: () => 'accept' }),
        sync: sync({ log, admits: () => relay.isOpen }),
        follow: follow({ serve: {} })
      } as Parameters<typeof makeRelay<{ gossip: Gossip, sync: Sync, follow: Follow }>>[0]['services']
    })

    stops.push({ stop: async () => node.stop() })

    return Object.assign(relay, {
      info: { peer: node.peerId.toString(), addrs: node.getMultiaddrs().map(address => address.toString().replace(/\/p2p\/.*/, '')), path: '' },
      log,
      sync: node.services.sync
    })
  }

  async function fill ({ log }: Relay, author: Person): Promise<void> {
    await log.putRecord(author.record)
    await log.ingest(author.space, (await writeChain(author, 3)).reverse())
  }

  const shown = (peer: Peer, { space }: Person): number => peer.walls.peek(space)?.view().posts.length ?? 0

  it('[SU7] reads a wall at a relay that refuses the reservation, also one that is followed after it connected', async () => {
    const anna = await person('anna')
    const relay = await startRelay(0)
    const reader = await startPeer()

    await fill(relay, anna)
    await reader.addRelay(relay.info)

    while (reader.connection().relays[0].state === 'connecting') {
      await once(reader, 'connection:changed')
    }

    expect(reader.connection().relays[0].state).to.equal('refused')
    await reader.follow(anna.space, [])

    while (shown(reader, anna) !== 3) {
      await once(reader.walls, 'wall:changed')
    }
  })

  it('[SY28] a wall is not here because a relay that has nothing of it has nothing more to send', async () => {
    const anna = await person('anna')
    const relay = await startRelay()
    const reader = await startPeer()
    const emptied = once(relay.sync, 'space:caught-up')

    await reader.addRelay(relay.info)

    const watch = await reader.watch(anna.space, [])
    const here = watch.caughtUp()

    await emptied
    await expect(watch.caughtUp({ signal: AbortSignal.abort(new RangeError('no more patience')) })).to.eventually.be.rejected.with.property('name', 'RangeError')
    await fill(relay, anna)
    await here
    expect(shown(reader, anna)).to.equal(3)
  })

  it('[SY28] waiting for a wall ends when nobody looks at it any more', async () => {
    const anna = await person('anna')
    const reader = await startPeer()
    const watch = await reader.watch(anna.space, [])
    const here = watch.caughtUp()

    watch.release()
    await expect(here).to.eventually.be.rejected.with.property('name', 'NotWatchedError')
  })

  it('forty walls that are looked at cost no more listeners than one', async () => {
    const authors = await Promise.all(Array.from({ length: 40 }, async (_, i) => person(`author ${i}`)))
    const relay = await startRelay()
    const reader = await startPeer()
    const warnings: Error[] = []
    const warned = (warning: Error): void => { warnings.push(warning) }

    process.on('warning', warned)

    try {
      for (const author of authors) {
        await fill(relay, author)
      }

      const watches = await Promise.all(authors.map(async ({ space }) => reader.watch(space, [])))
      const here = Promise.all(watches.map(async watch => watch.caughtUp()))

      await reader.addRelay(relay.info)
      await here
      watches.forEach(({ release }) => { release() })
      // warnings are told in a turn of their own
      await new Promise(resolve => { setImmediate(resolve) })
      expect(warnings.map(({ message }) => message)).to.deep.equal([])
    } finally {
      process.off('warning', warned)
    }
  })

  it('[ST91] [LG18] what is written after a repair waits, over a restart too, until somebody has shown one\'s own chain', async () => {
    const [store, keys] = [memoryStore(), memoryKeys()]
    const [full, empty] = [await startRelay(), await startRelay()]
    const before = await startPeer({ store, keys })

    await before.addRelay(full.info)
    await before.join('Ada')

    const { space, identity, device } = before.account.requireMe()
    const first = await before.posts.post({ text: 'one' })

    while ((await full.log.chain({ space, identity, device }))?.head.seq !== first.header.seq) {
      await once(full.log, 'entries:added')
    }

    await before.stop()
    full.isOpen = false

    const repaired = await startPeer({ store, keys, repaired: true })
    const told = once(empty.sync, 'space:caught-up')

    await repaired.addRelay(empty.info)
    await told

    const waits = once(repaired, 'waiting:changed')
    const written = expect(repaired.posts.post({ text: 'two' })).to.eventually.be.rejected.with.property('name', 'PeerStoppedError')

    await waits
    expect(repaired.posts.waiting().map(({ payload }) => payload)).to.deep.equal([{ kind: 'post', text: 'two' }])
    await repaired.stop()
    await written
    full.isOpen = true

    const after = await startPeer({ store, keys })

    while (after.posts.waiting().length > 0) {
      await once(after, 'waiting:changed')
    }

    expect((await after.walls.open(space)).view().posts.map(({ text }) => text)).to.deep.equal(['two', 'one'])
  })
})
