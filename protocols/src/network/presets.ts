import { ADDRESS_DIAL_TIMEOUT_MS } from './constants.ts'
import type { Libp2pOptions } from 'libp2p'

/** What a node is to the others: a leaf dials out, a hub is dialled by many */
export type NetworkPreset = 'leaf' | 'hub'

type ConnectionManagerInit = NonNullable<Libp2pOptions['connectionManager']>
type ConnectionMonitorInit = NonNullable<Libp2pOptions['connectionMonitor']>

const COMMON: ConnectionManagerInit = {
  addressDialTimeout: ADDRESS_DIAL_TIMEOUT_MS,
  // libp2p's own redialling of lost relays gives up for good and knows no pace: that is the supervisor's work, so its queue never runs
  reconnectRetries: 0,
  maxParallelReconnects: 0
}

/**
 * Limits of connections. Everybody who comes over a relay, or to a relay behind a reverse proxy, shares one IP address, so the
 * limits that libp2p keeps for each address are far above its defaults of 5 a second and 10 pending.
 */
export function connectionLimits (preset: NetworkPreset): ConnectionManagerInit {
  return preset === 'hub'
    ? { ...COMMON, maxConnections: 5_000, inboundConnectionThreshold: 200, maxIncomingPendingConnections: 500 }
    : { ...COMMON, maxConnections: 300, inboundConnectionThreshold: 30, maxIncomingPendingConnections: 30 }
}

/** A client wants to know soon that its relay is gone; a relay has thousands of connections to ask */
export function connectionMonitor (preset: NetworkPreset): ConnectionMonitorInit {
  return preset === 'hub'
    ? { pingInterval: 60_000, pingTimeout: { minTimeout: 20_000 } }
    : { pingInterval: 15_000, pingTimeout: { minTimeout: 10_000 } }
}
