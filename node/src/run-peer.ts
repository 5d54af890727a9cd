import { tcp } from '@libp2p/tcp'
import { createPeer } from '@pergola/protocols/peer'
import { openKeyStore } from './key-store.ts'
import { BLOCKS, KEYS, part, PEER } from './parts.ts'
import type { HomeVault } from './home-vault.ts'
import type { RelayInfo } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

export interface RunPeerInit {
  /** Open */
  home: HomeVault
  relays: RelayInfo[]
}

/** The peer of a home node, started over what its vault holds */
export async function runPeer ({ home, relays }: RunPeerInit): Promise<Peer> {
  const store = await home.store()
  const peer = await createPeer({
    role: 'home',
    store: part(store, PEER),
    blocks: part(store, BLOCKS),
    keys: openKeyStore(part(store, KEYS)),
    repaired: home.vault.repaired,
    network: { transports: [tcp()] }
  })

  await peer.start()
  // from here on the peer knows what it may lack
  await home.vault.forgetRepair()

  for (const relay of relays) {
    await peer.addRelay(relay)
  }

  return peer
}
