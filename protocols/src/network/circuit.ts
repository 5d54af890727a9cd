import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { CIRCUIT_STOP_PROTOCOL } from './constants.ts'
import { gatedRegistrar } from './gate.ts'
import { RelayListener } from './relay-listener.ts'
import type { PeerId, Transport } from '@libp2p/interface'

type CircuitComponents = Parameters<ReturnType<typeof circuitRelayTransport>>[0]

/** Where the transport keeps its reservations; not of its public surface, so the version is pinned and a test watches it */
export interface ReservationStore extends EventTarget {
  hasReservation (relay: PeerId): boolean
  /** Reserves, or renews when it is about to end; the connection it is bound to is named by its id */
  addRelay (relay: PeerId, type: 'configured'): Promise<{ details: { connection: string } }>
  relayFilter: { has (bytes: Uint8Array): boolean, add (bytes: Uint8Array): void }
}

/** The reservations of a circuit relay transport, or undefined for any other transport */
export function reservationsOf (transport: Transport): ReservationStore | undefined {
  return (transport as Transport & { reservationStore?: ReservationStore }).reservationStore
}

/**
 * The circuit relay transport with three things changed. Listening on `/p2p-circuit` means: wherever the supervisor reserves. A peer
 * with which there is no reservation cannot bring connections: libp2p would begin to listen there, and then announce an address that
 * this peer chose. And a relay that once failed is not blocked for good.
 */
export function gatedCircuits (): (components: CircuitComponents) => Transport {
  return components => {
    const transport = circuitRelayTransport({ reservationConcurrency: 4 })({
      peerId: components.peerId,
      registrar: gatedRegistrar(components.registrar, CIRCUIT_STOP_PROTOCOL,
        connection => store?.hasReservation(connection.remotePeer) === true,
        () => new Error('There is no reservation at this relay')),
      upgrader: components.upgrader,
      addressManager: components.addressManager,
      connectionGater: components.connectionGater,
      peerStore: components.peerStore,
      connectionManager: components.connectionManager,
      transportManager: components.transportManager,
      logger: components.logger,
      randomWalk: components.randomWalk,
      events: components.events
    })
    const store: ReservationStore | undefined = reservationsOf(transport)

    if (store == null) {
      throw new Error('This version of the circuit relay transport keeps its reservations elsewhere')
    }

    store.relayFilter = { has: () => false, add: () => {} }
    transport.createListener = () => new RelayListener(store, components.addressManager).asListener()

    return transport
  }
}
