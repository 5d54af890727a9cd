/** With whom walls are kept in step: the relays there is a connection to, and own devices and contacts that proved who they are. */
import { peerIdFromString } from '@libp2p/peer-id'
import type { PeerNetwork } from './network.ts'
import type { SpaceId } from '../ids.ts'
import type { PeerId } from '@libp2p/interface'

export interface PartnersInit {
  network: PeerNetwork
  /** Own other devices and contacts that proved who they are */
  isTrusted (peer: PeerId): boolean
}

export interface Partners {
  /** Relays there is a connection to; a reservation, which comes later or is refused, is for being called */
  relays (): PeerId[]
  isRelay (peer: PeerId): boolean
  /** Everybody connected, relays first */
  all (): PeerId[]
  /** Whether there is a connection to it, and it is a relay or trusted */
  includes (peer: PeerId): boolean
  /** Whom to ask for media of a wall, the nearest first */
  providers (space: SpaceId): PeerId[]
}

export function findPartners ({ network, isTrusted }: PartnersInit): Partners {
  const { supervisor, sync } = network.services

  function relays (): PeerId[] {
    return supervisor.states()
      .map(({ info }) => peerIdFromString(info.peer))
      .filter(peer => network.getConnections(peer).some(({ status }) => status === 'open'))
  }

  function isRelay (peer: PeerId): boolean {
    const text = peer.toString()

    return supervisor.states().some(({ info }) => info.peer === text)
  }

  function all (): PeerId[] {
    const connected = relays()

    return [...connected, ...network.getPeers().filter(peer => isTrusted(peer) && !connected.some(relay => relay.equals(peer)))]
  }

  return {
    relays,
    isRelay,
    all,
    includes: peer => all().some(partner => partner.equals(peer)),

    providers (space) {
      const connected = network.getPeers()
      const trusted = connected.filter(isTrusted)
      const byId = new Map([...trusted, ...sync.peers(space), ...relays()].map(peer => [peer.toString(), peer]))

      return [...byId.values()].filter(peer => connected.some(candidate => candidate.equals(peer)))
    }
  }
}
