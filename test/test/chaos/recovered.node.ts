import { expect } from 'aegir/chai'
import { freePort, until, untilConnected, untilDelivered, untilShown, World } from './world.ts'
import type { SpaceId } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

describe('recovery by phrase, when every device is lost', function () {
  this.timeout(5 * 60_000)

  const world = new World()

  beforeEach(async () => world.begin())
  afterEach(async () => world.end())

  async function isBack (again: Peer, space: SpaceId, friend: SpaceId): Promise<void> {
    await untilShown(again, space, ['from the lost device'])
    await until('the followed wall is back', again, ['session:changed'], async () => (await again.settings.follows.get()).some(followed => followed.space === friend))
    expect(again.devices.list()).to.have.lengthOf(1)
    await again.posts.post({ text: 'from the new one' })
  }

  for (const [where, args] of [['a relay that keeps it', []], ['the home node, through a relay that keeps nothing', ['--cache', 'none']]] as const) {
    it(`[A5] brings back wall and follows from ${where}`, async () => {
      const relay = await world.relay({ port: await freePort(), args: [...args] })
      const friend = await world.person()
      const isCached = args.length === 0

      await friend.addRelay(relay.info)
      await friend.join('Ben')

      const theirs = friend.account.requireMe().space
      const home = isCached ? undefined : await world.home()
      const author = home == null ? await world.person() : await world.authorWithHome(relay.info, home)

      if (isCached) {
        await author.addRelay(relay.info)
        await author.join('Ada')
        await untilConnected(author)
      }

      const { space } = author.account.requireMe()
      const entropy = await author.account.entropy()

      await author.follow(theirs, [relay.info])
      await untilDelivered(author, await author.posts.post({ text: 'from the lost device' }), isCached ? 1 : 0, !isCached)
      await author.stop()

      const again = await world.person()

      await again.recover({ entropy, relays: [relay.info] })
      await isBack(again, space, theirs)
    })
  }
})
