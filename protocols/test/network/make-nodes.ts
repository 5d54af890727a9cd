import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { createNetwork } from '../../src/network/index.ts'
import type { NetworkInit } from '../../src/network/index.ts'
import type { ServiceMap } from '@libp2p/interface'

type Changes<T extends ServiceMap> = Partial<Omit<NetworkInit<T>, 'services'>> & { services: NetworkInit<T>['services'] }

async function init<T extends ServiceMap> (changes: Changes<T>): Promise<NetworkInit<T>> {
  return {
    privateKey: await generateKeyPair('Ed25519'),
    allowDirect: () => false,
    iceServers: () => [],
    pathOf: () => undefined,
    ...changes
  }
}

/** A node that dials out only */
export async function makeLeaf<T extends ServiceMap> (changes: Changes<T>): ReturnType<typeof createNetwork<T>> {
  return createNetwork(await init(changes))
}

/** A node that listens on loopback and lets others meet */
export async function makeRelay<T extends ServiceMap> (changes: Changes<T>): ReturnType<typeof createNetwork<T>> {
  return createNetwork(await init({
    preset: 'hub',
    listen: ['/ip4/127.0.0.1/tcp/0/ws'],
    ...changes,
    services: {
      relay: circuitRelayServer({ reservations: { maxReservations: 1_000 } }),
      ...changes.services
    } as NetworkInit<T>['services']
  }))
}
