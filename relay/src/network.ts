import { tcp } from '@libp2p/tcp'
import { webRTCDirect } from '@libp2p/webrtc'
import { createNetwork } from '@pergola/protocols/network'
import { SHARED_LISTEN_ADDRESS } from './websocket.ts'
import type { DataFolder } from './data/data-folder.ts'
import type { Outbound } from './outbound.ts'
import type { SharedWebSockets } from './websocket.ts'
import type { ServiceMap } from '@libp2p/interface'
import type { NetworkServices } from '@pergola/protocols/network'
import type { Libp2p, ServiceFactoryMap } from 'libp2p'

export interface RelayNetworkInit<T extends ServiceMap> {
  data: DataFolder
  webSockets: SharedWebSockets
  /** Multiaddrs to listen on besides the WebSocket */
  listen: string[]
  announce: string[]
  /** What it may dial */
  outbound: Outbound
  services: ServiceFactoryMap<T>
}

/** The libp2p node of a relay, started. It contacts nobody but what `outbound` allows, and remembers no address on disk */
export async function createRelayNetwork <T extends ServiceMap> (init: RelayNetworkInit<T>): Promise<Libp2p<T & NetworkServices>> {
  const { privateKey, pem, certhash } = init.data.certificate

  return createNetwork<T>({
    preset: 'hub',
    privateKey: init.data.privateKey,
    listen: [SHARED_LISTEN_ADDRESS, ...init.listen],
    announce: init.announce,
    transports: [
      init.webSockets.transport,
      tcp(),
      // an empty list: libp2p's own one names third parties
      webRTCDirect({ certificate: { privateKey, pem, certhash }, rtcConfiguration: { iceServers: [] } })
    ],
    // a relay is met where it announces itself: it never connects to anybody by WebRTC through another
    allowDirect: () => false,
    iceServers: () => [],
    pathOf: init.outbound.pathOf,
    mayDial: init.outbound.mayDial,
    services: init.services
  })
}
