/** One person with several peers, and relays, all in this process and on real connections */
import { once } from 'node:events'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { follow } from '../../src/follow/index.ts'
import { gossip } from '../../src/gossip/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { systemClock, systemRandom } from '../../src/interface.ts'
import { decodePairing } from '../../src/invite/index.ts'
import { createLog } from '../../src/log/index.ts'
import { createPeer } from '../../src/peer/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { sync } from '../../src/sync/index.ts'
import { makeRelay } from '../network/make-nodes.ts'
import { memoryKeys } from './holders.ts'
import type { Follow } from '../../src/follow/index.ts'
import type { Gossip } from '../../src/gossip/index.ts'
import type { DeviceRole } from '../../src/identity/index.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Store } from '../../src/interface.ts'
import type { Log } from '../../src/log/index.ts'
import type { KeyStore, Peer } from '../../src/peer/index.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'
import type { Sync } from '../../src/sync/index.ts'

/** What a device has on disk */
export interface Disk {
  role: DeviceRole
  store: Store
  keys: KeyStore
}

export interface TestRelay {
  info: RelayInfo
  log: Log
  sync: Sync
}

export async function disk (role: DeviceRole = 'client'): Promise<Disk> {
  return { role, store: memoryStore(), keys: memoryKeys(await signerFromSeed(systemRandom.bytes(32))) }
}

/** What would be found if the power failed now */
export async function copyOf ({ role, keys, store }: Disk): Promise<Disk> {
  const copy = memoryStore()

  for await (const [key, value] of store.range()) {
    await copy.put(key, value)
  }

  return { role, keys, store: copy }
}

export class People {
  readonly #stops: Array<() => Promise<void>> = []

  async end (): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) {
      await stop()
    }
  }

  /** Starts what is on a disk */
  async start (of: Disk): Promise<Peer> {
    const peer = await createPeer({ ...of, blocks: memoryStore() })

    this.#stops.push(async () => peer.stop())
    await peer.start()

    return peer
  }

  /** @param keeps - spaces that it keeps, all by default */
  async relay (keeps: (space: SpaceId) => boolean = () => true): Promise<TestRelay> {
    const log = createLog({ store: memoryStore(), clock: systemClock, mayWrite: () => true })
    const node = await makeRelay<{ gossip: Gossip, sync: Sync, follow: Follow }>({
      services: {
        relay: circuitRelayServer({ reservations: { maxReservations: 100 } }),
        gossip: gossip({ role: 'hub', validate: () => 'accept' }),
        sync: sync({ log, admits: keeps }),
        follow: follow({ serve: {} })
      } as Parameters<typeof makeRelay<{ gossip: Gossip, sync: Sync, follow: Follow }>>[0]['services']
    })

    this.#stops.push(async () => node.stop())

    return {
      info: { peer: node.peerId.toString(), addrs: node.getMultiaddrs().map(address => address.toString().replace(/\/p2p\/.*/, '')), path: '' },
      log,
      sync: node.services.sync
    }
  }

  /** Somebody new at a relay, connected */
  async join (name: string, relay: TestRelay, of?: Disk): Promise<Peer> {
    const peer = await this.start(of ?? await disk())

    await peer.addRelay(relay.info)
    await connected(peer)
    await peer.join(name)

    return peer
  }

  /** Makes a device one of somebody's */
  async pair (host: Peer, of: Disk, name = 'Second'): Promise<Peer> {
    const peer = await this.start(of)
    const { link } = await host.offerPairing()

    await peer.pair(decodePairing(link), name)

    return peer
  }
}

/** Resolves once something holds, which is looked at again after each of these events */
export async function until (target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>, type: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let changed = once(target as EventTarget, type); !await holds(); changed = once(target as EventTarget, type)) {
    await changed
  }
}

export async function connected (peer: Peer): Promise<void> {
  await until(peer, 'connection:changed', () => peer.connection().relays.some(({ state }) => state === 'connected'))
}
