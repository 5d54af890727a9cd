/** Relays in this process that keep walls, and clients that say what they want and nothing else. */
import { once } from 'node:events'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { follow } from '@pergola/protocols/follow'
import { createNetwork } from '@pergola/protocols/network'
import { createRelay, openWallCache } from '../../src/index.ts'
import type { Relay, RelayInit, WallCacheInit, WallServices } from '../../src/index.ts'
import type { Libp2p } from '@libp2p/interface'
import type { RelayInfo } from '@pergola/protocols'
import type { Follow } from '@pergola/protocols/follow'

export type WallRelay = Relay<WallServices>
export type Follower = Libp2p<{ follow: Follow }>

/** A started relay on loopback, on any free port */
export async function startWallRelay (dataDir: string, init: Partial<RelayInit<WallServices>> = {}, cache: WallCacheInit['cache'] = 'none'): Promise<WallRelay> {
  const walls = await openWallCache({ dataDir, cache })
  const relay = await createRelay<WallServices>({
    dataDir, host: '127.0.0.1', port: 0, stunPort: 0, webrtcPort: 0, ...init, services: walls.services, extensions: [walls.extension]
  })

  await relay.start()

  return relay
}

/** Where a relay really listens, whatever it announces */
export function infoOf (relay: WallRelay): RelayInfo {
  return { ...relay.info, addrs: [`/ip4/127.0.0.1/tcp/${relay.address.port}/ws`] }
}

export async function connectFollower (relay: WallRelay): Promise<Follower> {
  const { peer, path, addrs: [address] } = infoOf(relay)
  const node = await createNetwork<{ follow: Follow }>({
    privateKey: await generateKeyPair('Ed25519'),
    allowDirect: () => false,
    iceServers: () => [],
    pathOf: () => path,
    services: { follow: follow() }
  })

  await node.dial(multiaddr(`${address}/p2p/${peer}`))

  return node
}

/** Resolves when a condition holds that can only become true at an event of a node or of a service */
export async function until (target: EventTarget, event: string, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await once(target, event)
  }
}
