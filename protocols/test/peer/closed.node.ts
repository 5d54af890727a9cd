import { once } from 'node:events'
import { expect } from 'aegir/chai'
import { systemClock, systemRandom } from '../../src/interface.ts'
import { createAccount } from '../../src/peer/account.ts'
import { createWalls } from '../../src/peer/walls.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { payloadOf } from '../../src/testing/simulator-people.ts'
import { createWall } from '../../src/wall/index.ts'
import { createPeer, holds } from '../sync/network.ts'
import { holder, memoryKeys } from './holders.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Entry } from '../../src/log/index.ts'
import type { Account } from '../../src/peer/account.ts'
import type { Walls } from '../../src/peer/walls.ts'
import type { TestPeer } from '../sync/network.ts'

describe('peer: a device that was closed, at a reader', () => {
  let author: TestPeer
  let reader: TestPeer
  let account: Account
  let walls: Walls

  beforeEach(async () => {
    author = await createPeer()
    reader = await createPeer()
    walls = createWalls({ log: reader.log, clock: systemClock, createWall })
    account = createAccount({
      store: memoryStore(),
      keys: memoryKeys((await holder()).signer),
      log: author.log,
      clock: systemClock,
      random: systemRandom,
      role: 'client',
      knowsOwn: async () => {}
    })
    await account.join()
  })

  afterEach(async () => {
    walls.stop()
    await author.stop()
    await reader.stop()
  })

  async function posts (space: SpaceId): Promise<string[]> {
    await walls.settled()

    return (await walls.open(space)).view().posts.map(({ text }) => text).sort()
  }

  it('[ID27] [ID37] hides what it wrote until the cut has come, and then shows what it wrote up to there', async () => {
    const phone = await holder()
    const { identity, space } = account.requireMe()

    await phone.account.adopt(await account.addDevice(await phone.account.agree(identity, 1)), await account.secrets())

    const entries: Entry[] = []

    for (const text of ['one', 'two', 'three', 'four']) {
      entries.push(await phone.account.append(payloadOf(text)))
    }

    // the author's other device has the first three; the reader the first two, and the last from somebody else
    await author.log.ingest(space, entries.slice(0, 3).toReversed())
    await reader.log.putRecord(await account.record())
    await reader.log.ingest(space, [entries[3], entries[1], entries[0]])
    expect(await posts(space)).to.deep.equal(['four', 'one', 'two'])

    await account.closeDevices([phone.account.requireMe().device])
    await reader.log.putRecord(await account.record())
    expect(await posts(space)).to.deep.equal([])

    await reader.node.dial(author.node.getMultiaddrs())
    await reader.sync.open(author.node.peerId, space)

    for (let changed = once(walls, 'wall:changed'); (await posts(space)).length === 0; changed = once(walls, 'wall:changed')) {
      await changed
    }

    expect(await posts(space)).to.deep.equal(['one', 'three', 'two'])
  })

  it('[ID40] takes nothing that it writes afterwards, also from somebody who never heard that it was closed', async () => {
    const phone = await holder()
    const { identity, space } = account.requireMe()

    await phone.account.adopt(await account.addDevice(await phone.account.agree(identity, 1)), await account.secrets())
    await author.log.ingest(space, [await phone.account.append(payloadOf('one'))])
    await account.closeDevices([phone.account.requireMe().device])
    // the phone has not heard of it, and goes on
    await author.log.putRecord(await phone.account.record())

    const late = await phone.account.append(payloadOf('late'))

    await reader.node.dial(author.node.getMultiaddrs())
    await reader.sync.open(author.node.peerId, space)
    await holds(reader.log, space, 1)

    for (const { log } of [author, reader]) {
      expect((await log.ingest(space, [late])).refused.map(({ reason }) => reason)).to.deep.equal(['closed'])
    }

    expect(await posts(space)).to.deep.equal(['one'])
  })
})
