/** Who keeps one's wall and pictures and signs for it: one's relays and home nodes. */
import { peerIdFromString } from '@libp2p/peer-id'
import { toHex } from '../ids.ts'
import { peerKey } from '../relay-info/index.ts'
import type { HolderId } from './deliveries.ts'
import type { Delivery } from './index.ts'
import type { Life, Parts } from './parts.ts'
import type { DeviceId } from '../ids.ts'
import type { PostView } from '../wall/index.ts'
import type { PeerId } from '@libp2p/interface'

/** Somebody who gives receipts */
export interface Holder {
  peer: PeerId
  /** The key under which they sign: a relay's is its peer key, a home node's its device key */
  by: HolderId
}

export interface Holders {
  /** Reads from the record which devices are home nodes */
  refresh (): Promise<void>
  isHome (device: DeviceId | undefined): boolean
  /** Those that are connected and may be asked */
  connected (): Holder[]
  /** Where an own post is, from receipts only */
  delivery (post: Pick<PostView, 'chain' | 'seq' | 'images'>): Delivery
}

function relayHolder (text: string): Holder {
  const peer = peerIdFromString(text)

  return { peer, by: toHex(peerKey(peer)) }
}

export function ownHolders ({ account, deliveries, relays }: Pick<Parts, 'account' | 'deliveries' | 'relays'>, life: Pick<Life, 'running'>): Holders {
  let homes = new Set<DeviceId>()

  return {
    async refresh () {
      if (account.me() != null) {
        const { record } = await account.record()

        homes = new Set(record.devices.filter(({ role }) => role === 'home').map(({ device }) => device))
      }
    },

    isHome: device => device != null && homes.has(device),

    connected () {
      const running = life.running()

      if (running == null) {
        return []
      }

      const own = new Set(relays.list().map(({ peer }) => peer))

      return [
        ...running.network.services.supervisor.states()
          .filter(({ info, state }) => state === 'connected' && own.has(info.peer))
          .map(({ info }) => relayHolder(info.peer)),
        ...running.callers.proved()
          .filter(({ own, device }) => own && homes.has(device))
          .map(({ peer, device }) => ({ peer, by: device }))
      ]
    },

    delivery ({ chain, seq, images }) {
      const media = (images ?? []).flatMap(({ small, large }) => [small.cid, large.cid])
      const holds = (by: HolderId): boolean => deliveries.holds(by, chain, seq, media)

      return {
        relays: relays.list().filter(({ peer }) => holds(relayHolder(peer).by)).length,
        home: [...homes].some(holds)
      }
    }
  }
}
