import { multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '@libp2p/interface'

/** A way to another relay: a multiaddr without `/p2p`, and the secret path without its leading slash */
export interface Way {
  address: string
  path: string
}

/** What a relay dials: others tell it where to, so anything that was not judged before is refused at the last moment */
export interface Outbound {
  /** From now on these are the only ways to this relay */
  allow (peer: string, ways: Way[]): void
  forget (peer: string): void
  mayDial (address: string): boolean
  pathOf (relay: PeerId | undefined, address: string): string | undefined
}

export function createOutbound (): Outbound {
  /** Secret paths by full multiaddr, by relay */
  const allowed = new Map<string, Map<string, string>>()

  return {
    allow (peer, ways) {
      allowed.set(peer, new Map(ways.map(({ address, path }) => [multiaddr(`${address}/p2p/${peer}`).toString(), path])))
    },

    forget (peer) {
      allowed.delete(peer)
    },

    mayDial: address => [...allowed.values()].some(ways => ways.has(address)),
    pathOf: (relay, address) => relay == null ? undefined : allowed.get(relay.toString())?.get(address)
  }
}
