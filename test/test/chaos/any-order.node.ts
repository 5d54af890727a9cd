import { publicWall } from '@pergola/protocols'
import { deep, freePort, pass, report, seeded, untilDelivered, untilShown, World } from './world.ts'

const ROUNDS = deep ? 200 : 8
const SOON_MS = 150

describe('whatever comes first', function () {
  this.timeout(deep ? 60 * 60_000 : 5 * 60_000)

  const world = new World()

  before(async () => world.begin())
  after(async () => world.end())

  it('[B8] [B10] connecting, joining, following and writing end in the same: the post is read, and known to be at the relay', async () => {
    const seed = Number(process.env.PERGOLA_SEED ?? Date.now() % 1_000_000)
    const random = seeded(seed)
    const relay = await world.relay({ port: await freePort() })

    report(`seed ${seed}, ${ROUNDS} rounds`)

    for (let round = 0; round < ROUNDS; round++) {
      const author = await world.person()
      const reader = await world.person()
      const soon = async (): Promise<void> => pass(random() * SOON_MS)
      const relayed = soon().then(async () => author.addRelay(relay.info))

      await soon()
      await author.join('Ada')

      const { identity } = author.account.requireMe()
      const space = publicWall(identity)
      const reading = soon().then(async () => Promise.all([
        soon().then(async () => reader.addRelay(relay.info)),
        soon().then(async () => reader.follow(space, random() < 0.5 ? [relay.info] : []))
      ]))

      await soon()

      const post = await author.posts.post({ text: `round ${round} of ${seed}` })

      await Promise.all([relayed, reading])
      await untilShown(reader, space, [`round ${round} of ${seed}`], 30_000)
      await untilDelivered(author, post, 1, false, 30_000)
      await author.stop()
      await reader.stop()
    }
  })
})
