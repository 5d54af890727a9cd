import { identify } from '@libp2p/identify'
import { FaultTolerance } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { onlyThroughRelays } from './announce.ts'
import { gatedCircuits } from './circuit.ts'
import { AGENT_VERSION, INITIAL_WINDOW_BYTES, MAX_WINDOW_BYTES } from './constants.ts'
import { connectionLimits, connectionMonitor } from './presets.ts'
import { probeInbound } from './probe.ts'
import { gatedWebRTC } from './web-rtc.ts'
import { secretPathWebSockets } from './websocket.ts'
import type { NetworkInit, NetworkServices } from './index.ts'
import type { Libp2p, ServiceMap } from '@libp2p/interface'

/**
 * Makes and starts the libp2p node. It needs no relay to be up: reservations are the supervisor's. It listens for WebRTC through
 * whatever relay there will be, and on the addresses it is given.
 */
export async function createNetwork<T extends ServiceMap = ServiceMap> (init: NetworkInit<T>): Promise<Libp2p<T & NetworkServices>> {
  const preset = init.preset ?? 'leaf'
  const announce = init.announce ?? []

  const node = await createLibp2p<T & NetworkServices>({
    privateKey: init.privateKey,
    datastore: init.datastore,
    nodeInfo: { name: AGENT_VERSION, version: '3', userAgent: AGENT_VERSION },
    addresses: {
      listen: preset === 'hub' ? init.listen : ['/p2p-circuit', '/webrtc', ...(init.listen ?? [])],
      // `announce` would silence the addresses at relays, so a leaf appends
      ...(preset === 'hub' ? { announce } : { appendAnnounce: announce, announceFilter: onlyThroughRelays(announce) })
    },
    transportManager: { faultTolerance: preset === 'hub' ? FaultTolerance.FATAL_ALL : FaultTolerance.NO_FATAL },
    transports: [
      secretPathWebSockets(init.pathOf),
      gatedCircuits(),
      gatedWebRTC(init),
      ...(init.transports ?? [])
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ streamOptions: { initialStreamWindowSize: INITIAL_WINDOW_BYTES, maxStreamWindowSize: MAX_WINDOW_BYTES } })],
    // relays on the same machine or in the same LAN are relays like any other; browsers deny them by default
    connectionGater: { denyDialMultiaddr: address => init.mayDial?.(address.toString()) === false },
    connectionManager: connectionLimits(preset),
    connectionMonitor: connectionMonitor(preset),
    services: {
      identify: identify({ runOnLimitedConnection: true }),
      ping: ping({ runOnLimitedConnection: true }),
      ...init.services
    } as NonNullable<NetworkInit<T & NetworkServices>['services']>
  })

  probeInbound(node)

  return node
}
