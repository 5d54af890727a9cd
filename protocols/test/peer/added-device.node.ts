import { once } from 'node:events'
import { expect } from 'aegir/chai'
import { decodePairing } from '../../src/invite/index.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { copyOf, disk, People, until } from './own-people.ts'
import type { TestRelay } from './own-people.ts'
import type { Peer } from '../../src/peer/index.ts'

const POSTS = 30

describe('peer: adding a device', () => {
  let people: People
  let relay: TestRelay
  let first: Peer

  beforeEach(async () => {
    people = new People()
    relay = await people.relay()
    first = await people.join('Ada', relay)
    await first.follow((await person('anna')).space, [relay.info])

    for (let n = 0; n < POSTS; n++) {
      await first.posts.post({ text: `Post ${n}` })
    }
  })

  afterEach(async () => people.end())

  const posts = (peer: Peer): number => peer.walls.peek(first.account.requireMe().space)?.view().posts.length ?? 0

  it('[A6] [PA15] [F4] both show the same code, and everything is there when it is done', async () => {
    const second = await people.start(await disk())
    const codes: string[] = []
    const progress: Array<[number, number]> = []
    const { link } = await first.offerPairing({
      async confirm (code, name) {
        codes.push(code, name)

        return true
      }
    })

    await second.pair(decodePairing(link), 'Laptop', { onCode: code => { codes.push(code) }, onProgress: (done, total) => { progress.push([done, total]) } })
    expect(codes.filter(code => code === codes[0])).to.have.lengthOf(2)
    expect(codes).to.include('Laptop')
    expect(await second.settings.follows.get()).to.have.lengthOf(1)
    expect(posts(second)).to.equal(POSTS)
    expect(progress.length).to.be.greaterThan(0)
    expect(progress.every(([done, total]) => done > 0 && done <= total)).to.equal(true)
  })

  it('[A6] nothing changes when the codes differ', async () => {
    const second = await people.start(await disk())
    const { link } = await first.offerPairing({ confirm: async () => false })

    await expect(second.pair(decodePairing(link), 'Laptop')).to.eventually.be.rejected.with.property('name', 'PairingDeclinedError')
    expect(second.account.me()).to.equal(undefined)
    expect(await second.settings.relays.get()).to.deep.equal([])
    expect((await first.account.record()).record.devices).to.have.lengthOf(1)
  })

  it('[A6] killed once it was listed, it goes on by itself at the next start', async () => {
    const of = await disk()
    const killed = await people.start(of)
    const { link } = await first.offerPairing()
    const belongs = once(killed, 'session:changed')
    const paired = killed.pair(decodePairing(link), 'Laptop')

    await belongs

    const copy = await copyOf(of)

    await killed.stop()
    await paired.catch(() => {})

    const again = await people.start(copy)

    await until(again, 'session:changed', async () => (await again.settings.follows.get()).length === 1)
    await until(again.walls, 'wall:changed', () => posts(again) === POSTS)
  })
})
