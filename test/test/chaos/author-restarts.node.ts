import { openLevelStore } from '@pergola/protocols/storage/level'
import { expect } from 'aegir/chai'
import { freePort, idsOf, untilConnected, untilDelivered, untilShown, World } from './world.ts'
import type { Peer } from '@pergola/protocols/peer'

describe('an author who closes and opens the client', function () {
  this.timeout(5 * 60_000)

  const world = new World()

  before(async () => world.begin())
  after(async () => world.end())

  async function opened (): Promise<{ author: Peer, close (): Promise<void> }> {
    const store = await openLevelStore(world.at('author'))
    const author = await world.person(store)

    return {
      author,
      close: async () => {
        await author.stop()
        await store.close()
      }
    }
  }

  it('[B9] [B10] goes on with the same chain; what was written offline goes out once, and the marks stay true', async () => {
    const port = await freePort()
    const relay = await world.relay({ port })
    const reader = await world.person()
    let { author, close } = await opened()

    await author.addRelay(relay.info)
    await author.join('Ada')
    await untilConnected(author)

    const { space, device } = author.account.requireMe()
    const arrived: number[] = []

    await reader.addRelay(relay.info)
    await reader.follow(space, [relay.info])
    reader.log.addEventListener('entries:added', ({ detail }) => { arrived.push(...detail.entries.map(({ header }) => header.seq)) })

    const first = await author.posts.post({ text: 'one' })

    await untilDelivered(author, first, 1, false)
    await untilShown(reader, space, ['one'])
    await relay.program.kill()

    const second = await author.posts.post({ text: 'two, offline' })

    await untilDelivered(author, second, 0, false)
    await close();
    ({ author, close } = await opened())

    expect(author.account.requireMe().device).to.equal(device)
    await untilShown(author, space, ['two, offline', 'one'])
    await untilDelivered(author, first, 1, false)
    await untilDelivered(author, second, 0, false)

    const third = await author.posts.post({ text: 'three, offline after a restart' })

    await close();
    ({ author, close } = await opened())
    await world.relay({ port })
    reader.reconnect()
    author.reconnect()
    await untilShown(reader, space, ['three, offline after a restart', 'two, offline', 'one'])

    for (const post of [first, second, third]) {
      await untilDelivered(author, post, 1, false)
    }

    const chains = await author.log.chains(space)

    expect(chains).to.have.lengthOf(1)
    expect(chains[0].fork).to.equal(undefined)
    expect(third.header.seq).to.equal(first.header.seq + 2)
    expect(third.header.prev).to.equal(second.id)
    expect(await idsOf(reader.log, space)).to.deep.equal(await idsOf(author.log, space))
    expect(arrived.toSorted((a, b) => a - b), 'each entry once').to.deep.equal([...new Set(arrived)].toSorted((a, b) => a - b))
    await close()
  })
})
