import { gossip } from '../../src/gossip/index.ts'
import { spaceId } from '../../src/ids.ts'
import { makeLeaf, makeRelay } from '../network/make-nodes.ts'
import type { Gossip, GossipEvents, GossipInit } from '../../src/gossip/index.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Libp2p } from '@libp2p/interface'

export type GossipNode = Libp2p<{ gossip: Gossip }>

export function space (n: number): SpaceId {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, n)

  return spaceId(bytes)
}

/** Nodes of one test; `stop` ends them all */
export class Star {
  readonly #running: Libp2p[] = []

  track<N extends Libp2p> (node: N): N {
    this.#running.push(node)

    return node
  }

  async leaf (init: Partial<GossipInit> = {}): Promise<GossipNode> {
    return this.track(await makeLeaf({ services: { gossip: gossip({ validate: () => 'accept', ...init }) } }))
  }

  async hub (init: Partial<GossipInit> = {}): Promise<GossipNode> {
    return this.track(await makeRelay({ services: { gossip: gossip({ role: 'hub', validate: () => 'accept', ...init }) } }))
  }

  async stop (): Promise<void> {
    await Promise.all(this.#running.splice(0).map(async node => { await node.stop() }))
  }
}

/** The next event that passes */
export function next<K extends keyof GossipEvents> (node: GossipNode, type: K, passes: (detail: GossipEvents[K]['detail']) => boolean = () => true): Promise<GossipEvents[K]['detail']> {
  return new Promise(resolve => {
    const listener = ({ detail }: GossipEvents[K]): void => {
      if (passes(detail)) {
        node.services.gossip.removeEventListener(type, listener)
        resolve(detail)
      }
    }

    node.services.gossip.addEventListener(type, listener)
  })
}

/** Resolves once a node knows another to be in the topic of a space */
export async function knows (node: GossipNode, other: Libp2p, id: SpaceId): Promise<void> {
  while (!node.services.gossip.neighbours(id).some(peer => peer.equals(other.peerId))) {
    await next(node, 'neighbour:changed')
  }
}

/** Resolves once a node knows another not to be in the topic of a space */
export async function misses (node: GossipNode, other: Libp2p, id: SpaceId): Promise<void> {
  while (node.services.gossip.neighbours(id).some(peer => peer.equals(other.peerId))) {
    await next(node, 'neighbour:changed')
  }
}
