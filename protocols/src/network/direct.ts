import { multiaddr } from '@multiformats/multiaddr'
import { WEBRTC_ATTEMPTS } from './constants.ts'
import { isDirectWebRTC, probe } from './probe.ts'
import type { AbortOptions } from '../interface.ts'
import type { Connection, Libp2p, PeerId } from '@libp2p/interface'

/**
 * Connects directly to a peer that has a reservation at a relay: WebRTC, signalled through that relay. What runs over the relayed
 * connection goes on there; gossip begins on the direct one by itself.
 *
 * @param node - that of `createNetwork`
 * @param peer - whom to connect to
 * @param relay - a multiaddr of the relay that ends with its `/p2p/…`
 * @param options - the signal ends the attempts
 * @throws {DirectNotAllowedError} if `allowDirect` does not allow it, as the cause of the dial's error
 * @throws {UnresponsiveConnectionError} if a connection was made but nothing answers there
 */
export async function connectDirect (node: Libp2p, peer: PeerId, relay: string, options: AbortOptions = {}): Promise<Connection> {
  const existing = node.getConnections(peer).find(connection => connection.status === 'open' && isDirectWebRTC(connection))

  if (existing != null) {
    return existing
  }

  const address = multiaddr(`${relay}/p2p-circuit/webrtc/p2p/${peer.toString()}`)
  let failure: unknown

  for (let attempt = 0; attempt < WEBRTC_ATTEMPTS; attempt++) {
    options.signal?.throwIfAborted()

    try {
      const connection = await node.dial(address, { signal: options.signal })
      await probe(connection, options)

      return connection
    } catch (err) {
      failure = err
    }
  }

  throw failure
}
