/** The relays that are one's own: kept in the settings, connected to, and named on the public wall. */
import { peerIdFromString } from '@libp2p/peer-id'
import { MAX_RELAYS } from '../limits.ts'
import type { Life, Parts } from './parts.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { PeerId } from '@libp2p/interface'

export interface OwnRelays {
  load (): Promise<void>
  /** The one that was added last comes first */
  list (): RelayInfo[]
  isOwn (peer: PeerId): boolean
  /** Takes these for one's own as well, until the signal fires; they are not kept */
  borrow (infos: RelayInfo[], signal: AbortSignal): void
  /** Connects to a relay from now on; the public wall names it when this resolves, as `publish` says */
  add (info: RelayInfo): Promise<void>
  /** Connects to relays that come with a restored identity, besides those that are here */
  join (infos: RelayInfo[]): Promise<void>
  /** Connects to these, which are one's own from now on */
  replace (infos: RelayInfo[]): Promise<void>
  /** They may have changed on another device: connects to those that are new, and no longer to those that are not one's own any more */
  refresh (): Promise<void>
  /** Names one's relays on the public wall, later if entries of this device may be missing here; said again only when they have changed */
  publish (): Promise<void>
}

export function ownRelays (
  { account, ownChain, posts, settings, walls }: Pick<Parts, 'account' | 'ownChain' | 'posts' | 'settings' | 'walls'>,
  life: Pick<Life, 'run' | 'running'>
): OwnRelays {
  let own: RelayInfo[] = []
  let borrowed: RelayInfo[] = []
  let publishing: Promise<void> = Promise.resolve()

  async function change (added: RelayInfo[], to: (relays: RelayInfo[]) => RelayInfo[]): Promise<void> {
    const { network } = await life.run()

    own = await settings.relays.update(relays => to(relays).slice(0, MAX_RELAYS))
    added.forEach(info => { network.services.supervisor.add(info) })
  }

  async function publishOnce (): Promise<void> {
    const me = account.me()

    if (me == null) {
      return
    }

    await ownChain.known()

    const said = (await walls.open(me.space)).view().relays

    if (JSON.stringify(said) !== JSON.stringify(own)) {
      await posts.reach(own)
    }
  }

  async function publish (): Promise<void> {
    publishing = publishing.then(publishOnce, publishOnce)

    if (await ownChain.isKnown()) {
      await publishing
    } else {
      // a stop before that ends the waiting
      publishing.catch(() => {})
    }
  }

  return {
    publish,
    list: () => own,
    isOwn: peer => [...own, ...borrowed].some(info => info.peer === peer.toString()),

    borrow (infos, signal) {
      borrowed = infos
      signal.addEventListener('abort', () => { borrowed = [] }, { once: true })
    },

    join: async infos => change(infos, relays => [...relays.filter(({ peer }) => !infos.some(info => info.peer === peer)), ...infos]),
    replace: async infos => change(infos, () => infos),

    async load () {
      own = await settings.relays.get()
    },

    async refresh () {
      const before = own

      own = await settings.relays.get()

      const running = life.running()
      const isIn = (infos: RelayInfo[], { peer }: RelayInfo): boolean => infos.some(info => info.peer === peer)

      for (const info of own.filter(info => !isIn(before, info))) {
        running?.network.services.supervisor.add(info)
        // it may be connected already for a wall that is read there
        running?.keeper.engage(peerIdFromString(info.peer))
      }

      before.filter(info => !isIn(own, info)).forEach(({ peer }) => { running?.network.services.supervisor.remove(peer) })
    },

    async add (info) {
      await change([info], relays => [info, ...relays.filter(({ peer }) => peer !== info.peer)])
      await publish()
    }
  }
}
