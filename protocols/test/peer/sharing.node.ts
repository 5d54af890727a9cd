import { expect } from 'aegir/chai'
import { identityId } from '../../src/ids.ts'
import { isPrivateSpace } from '../../src/space/index.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { disk, People, until } from './own-people.ts'
import type { TestRelay } from './own-people.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Peer } from '../../src/peer/index.ts'
import type { Contact } from '../../src/peer/settings.ts'

const card = (n: number, name: string): Contact => ({ identity: identityId(new Uint8Array(32).fill(n)), name, peers: [], relays: [] })

describe('peer: what own devices share', () => {
  let people: People
  let relay: TestRelay

  beforeEach(async () => {
    people = new People()
    relay = await people.relay()
  })

  afterEach(async () => people.end())

  const followed = async (peer: Peer): Promise<SpaceId[]> => (await peer.settings.follows.get()).map(({ space }) => space)
  const names = async (peer: Peer): Promise<string[]> => (await peer.settings.contacts.get()).map(({ name }) => name).sort()

  async function shows (peer: Peer, holds: () => Promise<boolean>): Promise<void> {
    await until(peer, 'session:changed', holds)
  }

  it('[A6] [OW51] [OW52] a device that is added follows, knows and is connected to what the first one does', async () => {
    const anna = await person('anna')
    const first = await people.join('Ada', relay)

    await first.follow(anna.space, [relay.info])
    await first.settings.contacts.update(() => [card(1, 'Ben')])

    const second = await people.pair(first, await disk())

    await shows(second, async () => (await followed(second)).length === 1)
    expect(await followed(second)).to.deep.equal([anna.space])
    expect(await names(second)).to.deep.equal(['Ben'])
    expect(await second.settings.relays.get()).to.deep.equal([relay.info])
  })

  it('[A6] [OW27] what each changes while the other is away is there on both, and followed there', async () => {
    const [anna, ben] = [await person('anna'), await person('ben')]
    const [mine, theirs] = [await disk(), await disk()]
    let first = await people.join('Ada', relay, mine)
    let second = await people.pair(first, theirs)

    await shows(second, async () => second.settings.shared.get())
    await second.stop()
    await first.follow(anna.space, [relay.info])
    await first.stop()
    second = await people.start(theirs)
    await second.follow(ben.space, [relay.info])
    await second.setDirect(false)
    first = await people.start(mine)
    await shows(first, async () => (await followed(first)).length === 2 && !await first.settings.direct.get())
    await shows(second, async () => (await followed(second)).length === 2)
    await first.unfollow(ben.space)
    await shows(second, async () => (await followed(second)).length === 1)
    expect(await followed(second)).to.deep.equal([anna.space])
    expect(first.walls.peek(anna.space)).to.not.equal(undefined)
    expect(second.walls.peek(anna.space)).to.not.equal(undefined)
  })

  it('[OW50] goes to one\'s own relay, and to no other', async () => {
    const elsewhere = await people.relay()
    const anna = await people.join('Anna', elsewhere)
    const first = await people.join('Ada', relay)

    // a wall that is read at a relay that is not one's own
    await first.follow(anna.account.requireMe().space, [elsewhere.info])
    await until(first.walls, 'wall:changed', () => first.walls.peek(anna.account.requireMe().space)?.view().profile != null)
    await until(relay.log, 'entries:added', async () => (await relay.log.spaces()).some(isPrivateSpace))
    expect((await elsewhere.log.spaces()).filter(isPrivateSpace)).to.have.lengthOf(1)
    expect((await relay.log.spaces()).filter(isPrivateSpace)).to.have.lengthOf(1)
    expect((await anna.log.spaces()).filter(isPrivateSpace)).to.deep.equal((await elsewhere.log.spaces()).filter(isPrivateSpace))
  })
})
