/** Authors and friends at different relays: relays follow each other's walls, so that a friend needs one connection. */
import { publicWall } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { freePort, textsOf, until, untilConnected, World } from './chaos/world.ts'
import type { RelayProcess } from './chaos/world.ts'
import type { RelayInfo, SpaceId } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

/** The relays that a peer has anything to do with */
function relaysOf (peer: Peer): string[] {
  return peer.connection().relays.map(({ info }) => info.peer)
}

async function untilOnly (peer: Peer, relay: RelayInfo): Promise<void> {
  // relays that are left are said nothing of, so a look is due whenever anything changes
  const looks = setInterval(() => { peer.dispatchEvent(new CustomEvent('connection:changed')) }, 50)

  try {
    await until('connected to its own relay only', peer, ['connection:changed'], () => relaysOf(peer).join() === relay.peer && peer.connection().light === 'green')
  } finally {
    clearInterval(looks)
  }
}

async function untilSeen (peer: Peer, space: SpaceId, text: string): Promise<void> {
  await until(`"${text}" is on the wall`, peer.walls, ['wall:changed'], async () => (await textsOf(peer, space)).includes(text))
}

describe('authors and friends at different relays', function () {
  this.timeout(120_000)

  let world: World

  beforeEach(async () => {
    world = new World()
    await world.begin()
  })

  afterEach(async () => world.end())

  const author = async (relay: RelayInfo, name = 'Ada'): Promise<{ peer: Peer, space: SpaceId }> => {
    const peer = await world.person()

    await peer.addRelay(relay)
    await peer.join(name)
    await untilConnected(peer)

    const me = peer.account.me()

    if (me == null) {
      throw new Error('Nobody joined')
    }

    return { peer, space: publicWall(me.identity) }
  }

  const friend = async (relay: RelayInfo): Promise<Peer> => (await author(relay, 'Ben')).peer

  const twoRelays = async (args: string[] = []): Promise<{ one: RelayProcess, port: number, other: RelayProcess }> => {
    const port = await freePort()

    return { one: await world.relay({ data: 'one', port, args }), port, other: await world.relay({ data: 'other', port: await freePort(), args }) }
  }

  it('[FO9] a friend reads a wall of another relay through its own relay alone', async () => {
    const { one, other } = await twoRelays()
    const ada = await author(one.info)

    await ada.peer.posts.post({ text: 'before' })

    const ben = await friend(other.info)

    await ben.follow(ada.space, [one.info])
    await untilSeen(ben, ada.space, 'before')
    await untilOnly(ben, other.info)
    await ada.peer.posts.post({ text: 'live' })
    await untilSeen(ben, ada.space, 'live')
    expect(relaysOf(ben)).to.deep.equal([other.info.peer])
  })
})
