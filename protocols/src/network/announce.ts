import { CODE_P2P_CIRCUIT } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'

function isThroughRelay (address: Multiaddr): boolean {
  return address.getComponents().some(({ code }) => code === CODE_P2P_CIRCUIT)
}

/**
 * What identify and peer records may say of a node that dials out only: where it can be met at relays, and what its owner chose to
 * announce. Never an address that a listener has or that somebody observed.
 */
export function onlyThroughRelays (announce: readonly string[]): (addresses: Multiaddr[]) => Multiaddr[] {
  return addresses => addresses.filter(address => {
    const text = address.toString()

    return isThroughRelay(address) || announce.some(chosen => text === chosen || text.startsWith(`${chosen}/p2p/`))
  })
}
