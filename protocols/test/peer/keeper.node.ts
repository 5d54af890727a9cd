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
import type { KeyStore, Peer, SecretName } from '../../src/peer/index.ts'

function memoryKeys (): KeyStore {
  const secrets = new Map<SecretName, Uint8Array>()

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => { secrets.set(name, secret) },
    deviceSigner: async () => signerFromSeed(new Uint8Array(32).fill(1))
  }
}

describe('peer: keeping walls', () => {
  let relay: Awaited<ReturnType<typeof makeRelay>>
  let reader: Peer

  afterEach(async () => {
    await reader.stop()
    await relay.stop()
  })

  it('[SU7] reads a wall at a relay that refuses the reservation, also one that is followed after it connected', async () => {
    const anna = await person('anna')
    const log = createLog({ store: memoryStore(), clock: systemClock })

    await log.putRecord(anna.record)
    await log.ingest(anna.space, (await writeChain(anna, 3)).reverse())
    relay = await makeRelay({
      services: {
        relay: circuitRelayServer({ reservations: { maxReservations: 0 } }),
        gossip: gossip({ role: 'hub', validate: () => 'accept' }),
        sync: sync({ log, admits: () => true }),
        follow: follow({ serve: {} })
      }
    })
    reader = await createPeer({ role: 'client', store: memoryStore(), blocks: memoryStore(), keys: memoryKeys() })
    await reader.start()

    const addrs = relay.getMultiaddrs().map(address => address.toString().replace(/\/p2p\/.*/, ''))

    await reader.addRelay({ peer: relay.peerId.toString(), addrs, path: '' })

    while (reader.connection().relays[0].state === 'connecting') {
      await once(reader, 'connection:changed')
    }

    expect(reader.connection().relays[0].state).to.equal('refused')
    await reader.follow(anna.space, [])

    while (reader.walls.peek(anna.space)?.view().posts.length !== 3) {
      await once(reader.walls, 'wall:changed')
    }
  })
})
