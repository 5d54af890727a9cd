/** A libp2p node that knows the secret path, as every client of the product does. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import type { Transport } from '@libp2p/interface'
import type { Ping } from '@libp2p/ping'
import type { WebSocketsComponents } from '@libp2p/websockets'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'

export type Client = Libp2p<{ ping: Ping }>

function withPath (path: string): (components: WebSocketsComponents) => Transport {
  return components => {
    const transport = webSockets()(components)
    const opener = transport as unknown as { _connect (address: Multiaddr, options: object): Promise<WebSocket> }
    const connect = opener._connect.bind(transport)
    opener._connect = async (address, options) => connect(path === '' ? address : address.encapsulate(`/http-path/${encodeURIComponent(path)}`), options)

    return transport
  }
}

/** A started node, which listens on multiaddrs such as `…/p2p-circuit` */
export async function startClient (path: string, listen: string[] = []): Promise<Client> {
  return createLibp2p({
    addresses: { listen },
    transports: [withPath(path), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ping: ping({ runOnLimitedConnection: true }) }
  })
}
