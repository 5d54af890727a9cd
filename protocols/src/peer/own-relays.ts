/** The relays that are one's own: kept in the settings, connected to, and named on the public wall. */
import { MAX_RELAYS } from '../limits.ts'
import type { Life, Parts } from './parts.ts'
import type { RelayInfo } from '../relay-info/index.ts'

export interface OwnRelays {
  load (): Promise<void>
  /** The one that was added last comes first */
  list (): RelayInfo[]
  /** Connects to a relay from now on; the public wall names it when this resolves, as `publish` says */
  add (info: RelayInfo): Promise<void>
  /** Connects to relays that come with a restored identity, besides those that are here */
  join (infos: RelayInfo[]): Promise<void>
  /** Connects to these, which are one's own from now on */
  replace (infos: RelayInfo[]): Promise<void>
  /** Names one's relays on the public wall, later if entries of this device may be missing here; said again only when they have changed */
  publish (): Promise<void>
}

export function ownRelays (
  { account, ownChain, posts, settings, walls }: Pick<Parts, 'account' | 'ownChain' | 'posts' | 'settings' | 'walls'>,
  life: Pick<Life, 'run'>
): OwnRelays {
  let own: RelayInfo[] = []
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
    join: async infos => change(infos, relays => [...relays.filter(({ peer }) => !infos.some(info => info.peer === peer)), ...infos]),
    replace: async infos => change(infos, () => infos),

    async load () {
      own = await settings.relays.get()
    },

    async add (info) {
      await change([info], relays => [info, ...relays.filter(({ peer }) => peer !== info.peer)])
      await publish()
    }
  }
}
