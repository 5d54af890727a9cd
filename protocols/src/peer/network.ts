import type { Follow } from '../follow/index.ts'
import type { Gossip } from '../gossip/index.ts'
import type { Hello } from '../hello/index.ts'
import type { Late, NetworkServices } from '../network/index.ts'
import type { Supervisor } from '../supervisor/index.ts'
import type { Sync } from '../sync/index.ts'
import type { Libp2p, ServiceMap } from '@libp2p/interface'

/** The services of a peer's libp2p node, besides those that every node has */
export interface PeerServices extends ServiceMap {
  gossip: Gossip
  sync: Sync
  follow: Follow
  hello: Hello
  supervisor: Supervisor
  late: Late
}

export type PeerNetwork = Libp2p<PeerServices & NetworkServices>
