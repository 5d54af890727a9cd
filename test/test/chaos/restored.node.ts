import { expect } from 'aegir/chai'
import { freePort, idsOf, textsOf, untilConnected, untilShown, until, World } from './world.ts'
import type { RelayProcess } from './world.ts'
import type { SpaceId } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

const PASSPHRASE = 'correct horse battery staple'

describe('a backup', function () {
  this.timeout(5 * 60_000)

  const world = new World()
  let relay: RelayProcess
  let author: Peer
  let space: SpaceId

  beforeEach(async () => {
    await world.begin()
    relay = await world.relay({ port: await freePort() })
    author = await world.person()
    await author.addRelay(relay.info)
    await author.join('Ada')
    space = author.account.requireMe().space
    await untilConnected(author)
    await author.posts.post({ text: 'from the first device' })
  })

  afterEach(async () => world.end())

  async function devicesOf (peer: Peer): Promise<string[]> {
    return (await peer.account.record()).record.devices.map(({ device }) => device).toSorted()
  }

  async function untilListed (peer: Peer, count: number): Promise<void> {
    await until(`${count} devices are listed`, peer, ['session:changed'], async () => (await devicesOf(peer)).length === count)
  }

  it('[A5] makes another device a new one of the same person: both write, followers see both', async () => {
    const second = await world.person()
    const reader = await world.person()

    await reader.addRelay(relay.info)
    await reader.follow(space, [relay.info])
    await second.restore(await author.backup(PASSPHRASE), PASSPHRASE)

    const [mine, theirs] = [author.account.requireMe(), second.account.requireMe()]

    expect(theirs.identity).to.equal(mine.identity)
    expect(theirs.device).to.not.equal(mine.device)
    await untilShown(second, space, ['from the first device'])
    await untilConnected(second)
    await untilListed(author, 2)
    expect(await devicesOf(author)).to.deep.equal([mine.device, theirs.device].toSorted())
    expect(await devicesOf(second)).to.deep.equal(await devicesOf(author))

    const post = await second.posts.post({ text: 'from the second device' })

    expect(post.header.device).to.equal(theirs.device)
    expect(post.header.seq).to.equal(0)
    await untilShown(reader, space, ['from the second device', 'from the first device'])
    await untilShown(author, space, ['from the second device', 'from the first device'])
    await author.posts.post({ text: 'the first goes on' })
    await untilShown(reader, space, ['the first goes on', 'from the second device', 'from the first device'])
    await untilShown(second, space, ['the first goes on', 'from the second device', 'from the first device'])
  })

  it('[A5] from before a home node was paired drops that home node from nobody\'s record', async () => {
    const old = await author.backup(PASSPHRASE)
    const home = await world.home()
    const { link } = await author.offerPairing()

    await home.calls.pair({ link })
    await untilListed(author, 2)

    const second = await world.person()

    await second.restore(old, PASSPHRASE)
    await untilListed(author, 3)
    await untilListed(second, 3)
    expect(await devicesOf(second)).to.deep.equal(await devicesOf(author))
  })

  it('[E5] says what is wrong with it, and changes nothing then', async () => {
    const backup = await author.backup(PASSPHRASE)
    const second = await world.person()
    const changed = backup.slice()

    changed[changed.length - 20] ^= 1

    for (const [bytes, passphrase, name] of [
      [backup, 'something else', 'WrongPassphraseError'],
      [backup.subarray(0, backup.length - 1), PASSPHRASE, 'BackupCutShortError'],
      [changed, PASSPHRASE, 'BackupDamagedError'],
      [new TextEncoder().encode('a shopping list'), PASSPHRASE, 'NotABackupError']
    ] as const) {
      const err: unknown = await second.restore(bytes, passphrase).catch(err => err)

      expect(err).to.have.property('name', name)
      expect(second.account.me()).to.equal(undefined)
      expect(await idsOf(second.log, space)).to.deep.equal(new Map())
      expect(await second.settings.relays.get()).to.deep.equal([])
      expect(await second.settings.follows.get()).to.deep.equal([])
    }

    await second.restore(backup, PASSPHRASE)
    expect(await textsOf(second, space)).to.deep.equal(['from the first device'])
    await expect(second.restore(backup, PASSPHRASE)).to.eventually.be.rejected.with.property('name', 'AlreadyJoinedError')
  })
})
