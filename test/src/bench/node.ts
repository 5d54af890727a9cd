import { generateKeyPair } from '@libp2p/crypto/keys'
import { tcp } from '@libp2p/tcp'
import { createNetwork } from '@pergola/protocols/network'
import type { Libp2p, ServiceMap } from '@libp2p/interface'
import type { NetworkInit, NetworkServices } from '@pergola/protocols/network'

/** The libp2p node that all parts run, here on TCP on loopback: two of them are connected as directly as it gets */
export async function createLoopbackNode<T extends ServiceMap> (services: NetworkInit<T>['services']): Promise<Libp2p<T & NetworkServices>> {
  return createNetwork<T>({
    privateKey: await generateKeyPair('Ed25519'),
    preset: 'hub',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    transports: [tcp()],
    allowDirect: () => false,
    iceServers: () => [],
    pathOf: () => undefined,
    services
  })
}
