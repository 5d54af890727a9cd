import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { TRY_TIMEOUT_MS } from './constants.ts'
import type { SupervisorComponents } from './index.ts'
import type { ReservationStore } from '../network/circuit.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { Connection, PeerId } from '@libp2p/interface'

/** What libp2p's reservation store calls the tag that makes libp2p redial a peer by itself */
const KEEP_ALIVE_TAG = 'keep-alive-circuit-relay'

const REFUSAL = /RESERVATION_REFUSED|RESOURCE_LIMIT_EXCEEDED|PERMISSION_DENIED/

/** The connections to one relay that may carry anything: not those over another relay */
export function openConnections (components: SupervisorComponents, peer: PeerId): Connection[] {
  return components.connectionManager.getConnections(peer)
    .filter(connection => connection.status === 'open' && connection.limits == null)
}

/** Whether an error is a relay's answer that it has no place for us */
export function isRefusal (err: unknown): boolean {
  return err instanceof Error && REFUSAL.test(err.message)
}

/** Dials a relay unless there is a connection already */
export async function link (components: SupervisorComponents, info: RelayInfo, signal: AbortSignal): Promise<Connection> {
  const peer = peerIdFromString(info.peer)
  const [open] = openConnections(components, peer)

  if (open != null) {
    return open
  }

  const addresses = info.addrs.map(address => multiaddr(`${address}/p2p/${info.peer}`))

  return components.connectionManager.openConnection(addresses, { signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_TIMEOUT_MS)]) })
}

/** Reserves at a relay there is a connection to, and closes all other connections to it: gossip and reservation shall share one fate */
export async function reserve (components: SupervisorComponents, reservations: ReservationStore, peer: PeerId): Promise<void> {
  const { details } = await reservations.addRelay(peer, 'configured')
  const surplus = openConnections(components, peer).filter(connection => connection.id !== details.connection)

  await Promise.all(surplus.map(async connection => {
    await connection.close().catch(err => { connection.abort(err) })
  }))
}

export async function hangUp (components: SupervisorComponents, peer: PeerId): Promise<void> {
  // otherwise libp2p takes the hang-up for a loss
  await components.peerStore.merge(peer, { tags: { [KEEP_ALIVE_TAG]: undefined } })
  await components.connectionManager.closeConnections(peer, { signal: AbortSignal.timeout(1_000) })
}
