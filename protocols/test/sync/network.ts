/** Real peers on loopback, for tests of sync */
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { systemClock } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { sync } from '../../src/sync/index.ts'
import { crashableStore } from '../../src/testing/simulator-store.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Store } from '../../src/interface.ts'
import type { Log, LogInit } from '../../src/log/index.ts'
import type { ReceiptSigner, Sync, SyncEvents, SyncInit } from '../../src/sync/index.ts'
import type { Identify } from '@libp2p/identify'
import type { Libp2p } from 'libp2p'

export interface TestPeer {
  node: Libp2p<{ identify: Identify, sync: Sync }>
  log: Log
  store: Store
  sync: Sync
  connect (other: TestPeer): Promise<void>
  stop (): Promise<void>
}

export interface TestPeerInit {
  /** Listen nowhere but at this relay */
  behind?: Libp2p
  store?: Store
  admits?: SyncInit['admits']
  takes?: SyncInit['takes']
  mayWrite?: LogInit['mayWrite']
  receipts?: ReceiptSigner
}

export async function createPeer (init: TestPeerInit = {}): Promise<TestPeer> {
  const store = init.store ?? crashableStore()
  const log = createLog({ store, clock: systemClock, ...(init.mayWrite == null ? {} : { mayWrite: init.mayWrite }) })
  const node = await createLibp2p({
    addresses: { listen: init.behind == null ? ['/ip4/127.0.0.1/tcp/0'] : init.behind.getMultiaddrs().map(address => `${address}/p2p-circuit`) },
    transports: [tcp(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      sync: sync({
        log,
        admits: init.admits ?? (() => true),
        ...(init.takes == null ? {} : { takes: init.takes }),
        ...(init.receipts == null ? {} : { receipts: init.receipts })
      })
    }
  })

  return {
    node,
    log,
    store,
    sync: node.services.sync,
    connect: async other => { await node.dial(other.node.getMultiaddrs()) },
    stop: async () => { await node.stop() }
  }
}

/** A circuit relay whose connections carry little and not for long, as libp2p's defaults have it */
export async function createRelay (): Promise<Libp2p> {
  return createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), relay: circuitRelayServer() }
  })
}

/** The next event of a kind that fits */
export async function eventOf<K extends keyof SyncEvents> (target: Sync, type: K, fits: (detail: SyncEvents[K]['detail']) => boolean = () => true): Promise<SyncEvents[K]['detail']> {
  return new Promise(resolve => {
    const listener = (event: SyncEvents[K]): void => {
      if (fits(event.detail)) {
        target.removeEventListener(type, listener)
        resolve(event.detail)
      }
    }

    target.addEventListener(type, listener)
  })
}

/** Resolves once a log holds a chain up to a place */
export async function holds (log: Log, space: SpaceId, count: number): Promise<void> {
  const enough = async (): Promise<boolean> => (await log.chains(space))
    .reduce((sum, { ranges }) => sum + ranges.reduce((inner, { from, to }) => inner + to - from + 1, 0), 0) >= count

  return new Promise((resolve, reject) => {
    const check = (): void => {
      enough().then(done => {
        if (done) {
          log.removeEventListener('entries:added', check)
          resolve()
        }
      }, reject)
    }

    log.addEventListener('entries:added', check)
    check()
  })
}
