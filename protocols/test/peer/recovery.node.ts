import { once } from 'node:events'
import { expect } from 'aegir/chai'
import { createEntropy } from '../../src/identity/index.ts'
import { systemRandom } from '../../src/interface.ts'
import { isPrivateSpace } from '../../src/space/index.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { connected, disk, People, until } from './own-people.ts'
import type { Disk, TestRelay } from './own-people.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Peer, RecoverProgress } from '../../src/peer/index.ts'

describe('peer: recovery when every device is lost', () => {
  let people: People
  let relay: TestRelay
  let lost: Disk
  let author: Peer
  let space: SpaceId
  let entropy: Uint8Array
  let friend: SpaceId

  beforeEach(async () => {
    people = new People()
    relay = await people.relay()
    lost = await disk()
    author = await people.join('Ada', relay, lost)
    space = author.account.requireMe().space
    entropy = await author.account.entropy()
    friend = (await person('anna')).space
    await author.follow(friend, [relay.info])
    await author.posts.post({ text: 'one' })
    await author.posts.post({ text: 'two' })
  })

  afterEach(async () => people.end())

  const texts = (peer: Peer): string[] => peer.walls.peek(space)?.view().posts.map(({ text }) => text).sort() ?? []

  /** Ids of the newest entries that somebody holds of the author's */
  async function heads (log: TestRelay['log']): Promise<string> {
    const all = await Promise.all((await log.spaces()).map(async each => log.chains(each)))

    return JSON.stringify(all.flat().filter(({ identity }) => identity === author.account.requireMe().identity).map(({ head }) => head.id).sort())
  }

  async function keeps (log: TestRelay['log']): Promise<void> {
    await until(log, 'entries:added', async () => await heads(log) === await heads(author.log))
  }

  it('[A5] [OW32] [OW55] the phrase and a relay that keeps it bring back the wall and what own devices shared; the lost device counts nowhere', async () => {
    await keeps(relay.log)
    await author.stop()

    const progress: RecoverProgress[] = []
    const again = await people.start(await disk())

    await again.recover({ entropy, relays: [relay.info] }, { onProgress: step => { progress.push(step) } })
    expect(again.account.requireMe().space).to.equal(space)
    expect(texts(again)).to.deep.equal(['one', 'two'])
    expect((await again.settings.follows.get()).map(({ space }) => space)).to.deep.equal([friend])
    expect(await again.settings.relays.get()).to.deep.equal([relay.info])
    expect(again.devices.list()).to.have.lengthOf(1)
    expect(new Set(progress.map(({ step }) => step))).to.deep.equal(new Set(['wall', 'shared', 'devices']))
    await again.posts.post({ text: 'three' })

    // it comes back to life, writes before it has heard of anything, and then hears it
    const old = await people.start(lost)

    await old.posts.post({ text: 'late' }).catch(() => {})

    if (!old.account.isClosed()) {
      await once(old.account, 'device:closed')
    }

    await until(old.walls, 'wall:changed', () => texts(old).includes('three'))
    expect(texts(old)).to.deep.equal(['one', 'three', 'two'])
    expect(texts(again)).to.deep.equal(['one', 'three', 'two'])
    await expect(old.posts.post({ text: 'later' })).to.eventually.be.rejected.with.property('name', 'DeviceClosedError')
  })

  it('[A5] the phrase and somebody who follows the wall, at a relay that never saw it, bring back the wall', async () => {
    const reader = await people.start(await disk())
    const fresh = await people.relay(each => !isPrivateSpace(each))

    await reader.addRelay(relay.info)
    await reader.follow(space, [relay.info])
    await until(reader.walls, 'wall:changed', () => texts(reader).length === 2)
    await reader.addRelay(fresh.info)
    await until(fresh.log, 'entries:added', async () => (await fresh.log.chains(space)).some(({ head }) => head.seq > 0))
    await author.stop()

    const again = await people.start(await disk())

    await again.recover({ entropy, relays: [fresh.info] })
    expect(texts(again)).to.deep.equal(['one', 'two'])
    expect((await again.settings.relays.get()).map(({ peer }) => peer)).to.include(fresh.info.peer)
    await again.posts.post({ text: 'three' })
    await until(reader.walls, 'wall:changed', () => texts(reader).length === 3)
  })

  it('[A5] [E5] nothing is different where nobody has the wall, or it is called off', async () => {
    const again = await people.start(await disk())

    await again.addRelay(relay.info)
    await connected(again)

    const stranger = createEntropy(systemRandom)
    const abort = new AbortController()
    const tried = expect(again.recover({ entropy: stranger, relays: [] }, { signal: abort.signal })).to.eventually.be.rejectedWith('called off')

    abort.abort(new Error('called off'))
    await tried
    await expect(again.recover({ entropy: stranger, relays: [] })).to.eventually.be.rejected.with.property('name', 'WallAwayError')
    expect(again.account.me()).to.equal(undefined)
    expect(await again.settings.relays.get()).to.deep.equal([relay.info])
    await again.join('Somebody else')
  })
})
