import { peerIdFromString } from '@libp2p/peer-id'
import { webRTC } from '@libp2p/webrtc'
import { CODE_P2P } from '@multiformats/multiaddr'
import { WEBRTC_SIGNALING_PROTOCOL } from './constants.ts'
import { DirectNotAllowedError } from './errors.ts'
import { gatedRegistrar } from './gate.ts'
import type { PeerId, Transport } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

type WebRTCComponents = Parameters<ReturnType<typeof webRTC>>[0]

export interface GatedWebRTCInit {
  allowDirect (peer: PeerId): boolean
  iceServers (): string[]
}

function targetOf (address: Multiaddr): PeerId | undefined {
  const id = address.getComponents().findLast(({ code }) => code === CODE_P2P)?.value

  return id == null ? undefined : peerIdFromString(id)
}

/**
 * WebRTC between two peers that meet at a relay, for allowed peers only: an offer shows the IP addresses of who makes and who answers
 * it, so a stranger's is refused before an `RTCPeerConnection` exists, and none is made to a stranger.
 */
export function gatedWebRTC (init: GatedWebRTCInit): (components: WebRTCComponents) => Transport {
  return components => {
    const refusal = (): Error => new DirectNotAllowedError('Direct connections are for friends only')
    const registrar = gatedRegistrar(components.registrar, WEBRTC_SIGNALING_PROTOCOL, connection => init.allowDirect(connection.remotePeer), refusal)
    const create = webRTC({
      // an empty list, not an absent one: libp2p's default names third parties
      rtcConfiguration: () => ({ iceServers: init.iceServers().map(url => ({ urls: [url] })) })
    })
    const transport = create({
      peerId: components.peerId,
      registrar,
      upgrader: components.upgrader,
      transportManager: components.transportManager,
      connectionManager: components.connectionManager,
      metrics: components.metrics,
      logger: components.logger,
      events: components.events
    })
    const dial = transport.dial.bind(transport)
    const dialFilter = transport.dialFilter.bind(transport)

    const allows = (address: Multiaddr): boolean => {
      const target = targetOf(address)

      return target != null && init.allowDirect(target)
    }

    transport.dialFilter = addresses => dialFilter(addresses).filter(allows)
    transport.dial = async (address, options) => {
      // the address is filtered when a dial is queued; what is allowed may change before its turn comes
      if (!allows(address)) {
        throw refusal()
      }

      return dial(address, options)
    }

    return transport
  }
}
