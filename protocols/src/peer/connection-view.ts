import { publicWall } from '../ids.ts'
import type { ConnectionView } from './index.ts'
import type { PeerNetwork } from './network.ts'
import type { Parts, Running } from './parts.ts'
import type { PeerId } from '@libp2p/interface'

function pathTo (network: PeerNetwork, peer: PeerId): ConnectionView['people'][number]['path'] {
  const direct = network.getConnections(peer).find(({ limits }) => limits == null)

  if (direct == null) {
    return 'relayed'
  }

  return direct.remoteAddr.toString().includes('/webrtc') ? 'webrtc' : 'direct'
}

/** What is connected right now; nothing is while the peer does not run */
export function connectionView (running: Running | undefined, { holders, walls }: Pick<Parts, 'holders' | 'walls'>): ConnectionView {
  if (running == null) {
    return { light: 'red', relays: [], people: [] }
  }

  const { network, callers } = running
  const { supervisor } = network.services

  return {
    light: supervisor.light(),
    relays: supervisor.states(),
    people: callers.proved().map(({ peer, identity, device, own }) => ({
      identity,
      own,
      home: own && holders.isHome(device),
      name: walls.peek(publicWall(identity))?.view().profile?.name ?? '',
      path: pathTo(network, peer)
    }))
  }
}
