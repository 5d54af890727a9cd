import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { webRTCDirect } from '@libp2p/webrtc'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { INBOUND_CONNECTIONS_PER_SECOND, MAX_PENDING_CONNECTIONS } from './constants.ts'
import { SHARED_LISTEN_ADDRESS } from './websocket.ts'
import type { DataFolder } from './data/data-folder.ts'
import type { RelayPolicies } from './index.ts'
import type { SharedWebSockets } from './websocket.ts'
import type { ServiceMap } from '@libp2p/interface'
import type { Libp2p, ServiceFactoryMap } from 'libp2p'

export interface RelayNetworkInit<T extends ServiceMap> {
  data: DataFolder
  webSockets: SharedWebSockets
  /** Multiaddrs to listen on besides the WebSocket */
  listen: string[]
  announce: string[]
  policies: RelayPolicies
  services: ServiceFactoryMap<T>
}

/** The libp2p node of a relay, started. It contacts nobody by itself, and remembers no address on disk */
export async function createRelayNetwork <T extends ServiceMap> (init: RelayNetworkInit<T>): Promise<Libp2p<T>> {
  const { privateKey, pem, certhash } = init.data.certificate

  return createLibp2p<T>({
    privateKey: init.data.privateKey,
    // what identify tells: neither the program nor its version
    nodeInfo: { userAgent: 'libp2p' },
    addresses: { listen: [SHARED_LISTEN_ADDRESS, ...init.listen], announce: init.announce },
    transports: [
      init.webSockets.transport,
      tcp(),
      // an empty list, or libp2p's own one names third parties
      webRTCDirect({ certificate: { privateKey, pem, certhash }, rtcConfiguration: { iceServers: [] } })
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      maxConnections: init.policies.maxConnections,
      inboundConnectionThreshold: INBOUND_CONNECTIONS_PER_SECOND,
      maxIncomingPendingConnections: MAX_PENDING_CONNECTIONS
    },
    services: init.services
  })
}
