import { peerIdFromString } from '@libp2p/peer-id'
import { webSockets } from '@libp2p/websockets'
import { CODE_P2P } from '@multiformats/multiaddr'
import type { PeerId, Transport } from '@libp2p/interface'
import type { WebSocketsComponents } from '@libp2p/websockets'
import type { Multiaddr } from '@multiformats/multiaddr'

/** The part of libp2p's WebSocket transport that opens the socket; not of its public surface, so the version is pinned and a test watches it */
interface SocketOpener {
  _connect (address: Multiaddr, options: object): Promise<WebSocket>
}

/**
 * WebSockets whose request path is added at the moment of connecting. A multiaddr that carries a path matches neither the WebSocket,
 * circuit nor WebRTC filters, and would hand the secret to everybody who is told the address.
 *
 * @param pathOf - the path without its leading slash, or undefined for none
 */
export function secretPathWebSockets (pathOf: (relay: PeerId | undefined, address: string) => string | undefined): (components: WebSocketsComponents) => Transport {
  return components => {
    const transport = webSockets()(components)
    const opener = transport as unknown as SocketOpener
    const connect = opener._connect.bind(transport)

    opener._connect = async (address, options) => {
      const id = address.getComponents().findLast(({ code }) => code === CODE_P2P)?.value
      const path = pathOf(id == null ? undefined : peerIdFromString(id), address.toString())

      return connect(path == null || path === '' ? address : address.encapsulate(`/http-path/${encodeURIComponent(path)}`), options)
    }

    return transport
  }
}
