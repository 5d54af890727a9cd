import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { MalformedError } from '../errors.ts'
import { ADDRESS_TIMEOUT_MS, HANG_UP_TIMEOUT_MS, TRY_TIMEOUT_MS } from './constants.ts'
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

/**
 * Dials a relay unless there is a connection already: one address after the other, as long as a try may take. A censor lets packets
 * to some of them vanish, so each has its own time, and another try begins with another.
 *
 * `first` says with which address to begin.
 */
export async function link (components: SupervisorComponents, info: RelayInfo, first: number, signal: AbortSignal): Promise<{ address: number }> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(TRY_TIMEOUT_MS)])
  let failure: unknown = new MalformedError('This relay has no address')

  if (openConnections(components, peerIdFromString(info.peer)).length > 0) {
    return { address: first }
  }

  for (let i = 0; i < info.addrs.length; i++) {
    const address = (first + i) % info.addrs.length

    end.throwIfAborted()

    try {
      await components.connectionManager.openConnection(multiaddr(`${info.addrs[address]}/p2p/${info.peer}`), {
        signal: AbortSignal.any([end, AbortSignal.timeout(ADDRESS_TIMEOUT_MS)])
      })

      return { address }
    } catch (err) {
      failure = err
    }
  }

  throw failure
}

/** Reserves at a relay there is a connection to, and closes all other connections to it: gossip and reservation shall share one fate */
export async function reserve (components: SupervisorComponents, reservations: ReservationStore, peer: PeerId): Promise<void> {
  const { details } = await reservations.addRelay(peer, 'configured')
  const surplus = openConnections(components, peer).filter(connection => connection.id !== details.connection)

  await Promise.all(surplus.map(async connection => {
    await connection.close().catch(err => { connection.abort(err) })
  }))
}

/** Closes the connections to a relay that were made from here: those from there are for the other side to close */
export async function closeOwn (components: SupervisorComponents, peer: PeerId): Promise<void> {
  const own = openConnections(components, peer).filter(({ direction }) => direction === 'outbound')

  await Promise.all(own.map(async connection => {
    await connection.close({ signal: AbortSignal.timeout(HANG_UP_TIMEOUT_MS) }).catch(err => { connection.abort(err) })
  }))
}

export async function hangUp (components: SupervisorComponents, peer: PeerId): Promise<void> {
  // otherwise libp2p takes the hang-up for a loss
  await components.peerStore.merge(peer, { tags: { [KEEP_ALIVE_TAG]: undefined } })
  await components.connectionManager.closeConnections(peer, { signal: AbortSignal.timeout(HANG_UP_TIMEOUT_MS) })
}
