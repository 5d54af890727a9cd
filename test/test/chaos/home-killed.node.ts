import { expect } from 'aegir/chai'
import { deep, freePort, idsOf, pass, readHomeStore, report, seeded, until, World } from './world.ts'
import type { HomeProcess } from './world.ts'
import type { Peer } from '@pergola/protocols/peer'

const KILLS = Number(process.env.PERGOLA_KILLS ?? (deep ? 200 : 12))
const POST_EVERY_MS = 200
/** In the middle of all; a machine that does other things meanwhile may take longer now and then */
const MAX_OPEN_MS = 5_000
const MAX_OPEN_ONCE_MS = 20_000
/** How often one more is killed while it starts */
const DURING_START = 0.2

describe('a home node that is killed while posts arrive', function () {
  this.timeout(deep ? 60 * 60_000 : 180_000)

  const world = new World()

  before(async () => world.begin())
  after(async () => world.end())

  /** The highest sequence number for which the author holds the home's receipt */
  function acked (author: Peer, posted: number): number {
    const { identity, device, space } = author.account.requireMe()
    let seq = posted

    while (seq >= 0 && !author.delivery({ chain: { space, identity, device }, seq }).home) {
      seq--
    }

    return seq
  }

  it('[D7] loses nothing that it has acknowledged, and opens again within seconds', async () => {
    const seed = Number(process.env.PERGOLA_SEED ?? Date.now() % 1_000_000)
    const random = seeded(seed)
    const relay = await world.relay({ port: await freePort() })
    let home: HomeProcess = await world.home()
    const author = await world.authorWithHome(relay.info, home)
    const { space, device } = author.account.requireMe()
    const opened: number[] = []
    let posted = 0
    let posting: Promise<unknown> = Promise.resolve()
    const post = (): void => {
      posting = posting.then(async () => {
        posted = (await author.posts.post({ text: `Post ${posted} ${'.'.repeat(Math.floor(random() * 2_000))}` })).header.seq
      })
    }
    const anotherReceipt = async (kill: number): Promise<void> => {
      const before = acked(author, posted)

      await until(`a receipt after kill ${kill}`, author.deliveries, ['delivery:changed'], () => acked(author, posted) > before)
    }
    const poster = setInterval(post, POST_EVERY_MS)

    report(`seed ${seed}, ${KILLS} kills`)

    try {
      for (let kill = 0; kill < KILLS; kill++) {
        await anotherReceipt(kill)
        await pass(random() * 1_500)
        await home.program.kill()

        const receipt = acked(author, posted)
        const held = await readHomeStore(home.data, async log => idsOf(log, space))

        for (let seq = 0; seq <= receipt; seq++) {
          expect(held.has(`${device}/${seq}`), `entry ${seq} of ${receipt} acknowledged, after kill ${kill} of seed ${seed}`).to.equal(true)
        }

        if (random() < DURING_START) {
          const unlucky = world.homeProgram()

          await pass(random() * 1_000)
          await unlucky.kill()
        }

        home = await world.home()
        opened.push(home.opened)
        expect(home.opened).to.be.lessThan(MAX_OPEN_ONCE_MS)
      }
    } finally {
      clearInterval(poster)
    }

    await posting
    await until('everything at home', author.deliveries, ['delivery:changed'], () => acked(author, posted) === posted)
    await home.program.kill()

    const sorted = opened.toSorted((a, b) => a - b)

    report(`${posted + 1} entries; opened in ${sorted[0].toFixed(0)} to ${sorted[sorted.length - 1].toFixed(0)} ms, median ${sorted[sorted.length >> 1].toFixed(0)} ms`)
    expect(sorted[sorted.length >> 1]).to.be.lessThan(MAX_OPEN_MS)
    expect(await readHomeStore(home.data, async log => idsOf(log, space))).to.deep.equal(await idsOf(author.log, space))
  })
})
