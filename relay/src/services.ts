/** What a relay does for those who connect, besides identify and ping, which every node does. One place: whoever adds a service adds it here. */
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { HOP_TIMEOUT_MS, MAX_STOP_STREAMS } from './constants.ts'
import type { RelayPolicies } from './index.ts'
import type { CircuitRelayService } from '@libp2p/circuit-relay-v2'
import type { ServiceMap } from '@libp2p/interface'
import type { ServiceFactoryMap } from 'libp2p'

export interface RelayServices extends ServiceMap {
  relay: CircuitRelayService
}

export function relayServices (policies: RelayPolicies): ServiceFactoryMap<RelayServices> {
  return {
    relay: circuitRelayServer({
      hopTimeout: HOP_TIMEOUT_MS,
      maxOutboundStopStreams: MAX_STOP_STREAMS,
      reservations: {
        maxReservations: policies.maxReservations,
        defaultDurationLimit: policies.circuitMinutes * 60_000,
        defaultDataLimit: BigInt(policies.circuitMegabytes) * 1_000_000n
      }
    })
  }
}
