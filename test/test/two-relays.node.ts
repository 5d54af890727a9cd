/** Authors and friends at different relays: relays follow each other's walls, so that a friend needs one connection. */
import { memoryStore, publicWall } from '@pergola/protocols'
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

  it('[FO9] pictures come through both relays, from the author who is nowhere else', async () => {
    for (const args of [[], ['--cache', 'none']]) {
      const { one, other } = await twoRelays(args)
      const ada = await author(one.info)
      const ben = await friend(other.info)
      const picture = crypto.getRandomValues(new Uint8Array(60_000))
      const ref = { ...await ada.peer.media.add(picture), type: 'image/jpeg', width: 1, height: 1 }

      await ben.follow(ada.space, [one.info])
      await ada.peer.posts.post({ text: 'a picture', images: [{ small: ref, large: ref, blur: new Uint8Array(), alt: '' }] })
      await untilSeen(ben, ada.space, 'a picture')
      await untilOnly(ben, other.info)
      expect(await ben.fetch(ada.space, ref, { signal: AbortSignal.timeout(20_000) })).to.deep.equal(picture)
      expect(relaysOf(ben)).to.deep.equal([other.info.peer])
      await Promise.all([ada.peer.stop(), ben.stop(), one.program.stop(), other.program.stop()])
    }
  })

  it('[FO9] a relay that keeps nothing passes on what its clients read', async () => {
    const { one, other } = await twoRelays(['--cache', 'none'])
    const ada = await author(one.info)
    const ben = await friend(other.info)

    await ada.peer.posts.post({ text: 'before' })
    await ben.follow(ada.space, [one.info])
    await untilSeen(ben, ada.space, 'before')
    await untilOnly(ben, other.info)
    await ada.peer.posts.post({ text: 'live' })
    await untilSeen(ben, ada.space, 'live')
  })

  it('[FO9] goes on when the author\'s relay was away, and when one\'s own was', async () => {
    const { one, other, port } = await twoRelays()
    const ada = await author(one.info)
    const ben = await friend(other.info)

    await ada.peer.posts.post({ text: 'before' })
    await ben.follow(ada.space, [one.info])
    await untilSeen(ben, ada.space, 'before')
    await untilOnly(ben, other.info)

    await one.program.kill()
    await ada.peer.posts.post({ text: 'while it was away' })
    await world.relay({ data: 'one', port })
    await untilSeen(ben, ada.space, 'while it was away')

    const otherPort = Number(new URL(other.info.addrs[0].replace(/.*tcp\/(\d+)\/.*/, 'http://x:$1')).port)

    await other.program.kill()
    await ada.peer.posts.post({ text: 'while his own was away' })
    await world.relay({ data: 'other', port: otherPort })
    await untilSeen(ben, ada.space, 'while his own was away')
    await untilOnly(ben, other.info)
  })

  it('[FO9] who follows 30 walls on 6 relays is connected to his own only, also after a new start', async () => {
    const relays: RelayProcess[] = []

    for (let n = 0; n < 7; n++) {
      relays.push(await world.relay({ data: `relay-${n}`, port: await freePort() }))
    }

    const [home, ...others] = relays
    const store = memoryStore()
    const ben = await world.person(store)

    await ben.addRelay(home.info)
    await ben.join('Ben')
    await untilConnected(ben)

    const authors = await Promise.all(Array.from({ length: 30 }, async (_, n) => author(others[n % 6].info, `Author ${n}`)))

    const untilAllSeen = async (reader: Peer, text: string): Promise<void> => until(`"${text}" is on all walls`, reader.walls, ['wall:changed'], async () => {
      const texts = await Promise.all(authors.map(async ({ space }) => textsOf(reader, space)))

      return texts.every(all => all.includes(text))
    })

    await Promise.all(authors.map(async ({ peer, space }, n) => {
      await peer.posts.post({ text: 'before' })
      await ben.follow(space, [others[n % 6].info])
    }))
    await untilAllSeen(ben, 'before')
    await untilOnly(ben, home.info)
    await Promise.all(authors.map(async ({ peer }) => peer.posts.post({ text: 'live' })))
    await untilAllSeen(ben, 'live')
    await ben.stop()

    const again = await world.person(store)
    let most = 0

    again.addEventListener('connection:changed', () => { most = Math.max(most, relaysOf(again).length) })
    await Promise.all(authors.map(async ({ peer, space }) => {
      await again.walls.open(space)
      await peer.posts.post({ text: 'afterwards' })
    }))
    await untilAllSeen(again, 'afterwards')
    expect(most).to.be.within(1, 3)
  })
})
