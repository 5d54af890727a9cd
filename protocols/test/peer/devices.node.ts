import { once } from 'node:events'
import { expect } from 'aegir/chai'
import { createEntropy } from '../../src/identity/index.ts'
import { systemRandom } from '../../src/interface.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { disk, People, until } from './own-people.ts'
import type { Disk, TestRelay } from './own-people.ts'
import type { DeviceId } from '../../src/ids.ts'
import type { Peer } from '../../src/peer/index.ts'

describe('peer: devices', () => {
  let people: People
  let relay: TestRelay
  let first: Peer
  let second: Peer
  let secondDisk: Disk

  beforeEach(async () => {
    people = new People()
    relay = await people.relay()
    first = await people.join('Ada', relay)
    secondDisk = await disk('home')
    second = await people.pair(first, secondDisk, 'Laptop')
  })

  afterEach(async () => people.end())

  const deviceOf = (peer: Peer): DeviceId => peer.account.requireMe().device

  it('[A6] both list both, by name, and say which is here and which is connected', async () => {
    for (const [peer, other] of [[first, second], [second, first]]) {
      await until(peer.devices, 'devices:changed', () => {
        const found = peer.devices.list().find(({ device }) => device === deviceOf(other))

        return found?.online === true && found.lastSeen != null
      })
      await until(peer.devices, 'devices:changed', () => peer.devices.list()[1].name === 'Laptop')
      expect(peer.devices.list().map(({ device, name, role, current }) => ({ device, name, role, current }))).to.deep.equal([
        { device: deviceOf(first), name: '', role: 'client', current: peer === first },
        { device: deviceOf(second), name: 'Laptop', role: 'home', current: peer === second }
      ])
    }

    await second.devices.rename(deviceOf(first), 'Phone')
    await until(first.devices, 'devices:changed', () => first.devices.list()[0].name === 'Phone')
    await second.stop()
    await until(first.devices, 'devices:changed', () => !first.devices.list()[1].online)
  })

  it('[D8] [OW40] the order is the same on both: home first until somebody chooses', async () => {
    const [phone, home] = [deviceOf(first), deviceOf(second)]

    expect(first.devices.order()).to.deep.equal({ order: [home, phone] })
    await first.devices.setOrder([phone])
    await first.devices.setFixed(home)
    await until(second.devices, 'devices:changed', () => second.devices.order().fixed === home)
    expect(second.devices.order()).to.deep.equal({ order: [phone, home], fixed: home })
    await second.devices.setFixed(null)
    await until(first.devices, 'devices:changed', () => first.devices.order().fixed == null)
    expect(first.devices.order()).to.deep.equal({ order: [phone, home] })
    await expect(first.devices.setOrder([phone, 'ab'.repeat(32) as DeviceId])).to.eventually.be.rejected.with.property('name', 'NoSuchDeviceError')
  })

  it('[D8] the home node acts for all while it is there, and then the next one does, without anyone acting', async () => {
    const home = deviceOf(second)
    const isPrimary = (peer: Peer, device: DeviceId): boolean => peer.devices.list().find(({ primary }) => primary)?.device === device
    const ran: string[] = []
    const end = first.devices.whenPrimary(async signal => {
      ran.push('begun')
      signal.addEventListener('abort', () => { ran.push('ended') })
    })

    await until(second.devices, 'primary:changed', () => second.devices.isPrimary())
    await until(first.devices, 'primary:changed', () => isPrimary(first, home))
    expect(first.devices.isPrimary()).to.equal(false)
    ran.length = 0
    await second.stop()
    await until(first.devices, 'primary:changed', () => first.devices.isPrimary())
    expect(ran).to.deep.equal(['begun'])

    const again = await people.start(secondDisk)

    await until(again.devices, 'primary:changed', () => again.devices.isPrimary())
    await until(first.devices, 'primary:changed', () => isPrimary(first, home))
    expect(ran).to.deep.equal(['begun', 'ended'])
    end()
    await first.devices.setFixed(deviceOf(first))
    await until(first.devices, 'primary:changed', () => first.devices.isPrimary())
    expect(ran).to.deep.equal(['begun', 'ended'])
  })

  it('[A6] [OW32] [OW53] a closed device learns it, writes nothing more, and reads nothing new that own devices share', async () => {
    const anna = await person('anna')
    const closed = once(second.account, 'device:closed')

    await second.posts.post({ text: 'before' })
    await until(first.walls, 'wall:changed', () => first.walls.peek(first.account.requireMe().space)?.view().posts.length === 1)
    await first.devices.close([deviceOf(second)])
    expect(first.devices.list().map(({ device }) => device)).to.deep.equal([deviceOf(first)])
    await closed
    await expect(second.posts.post({ text: 'after' })).to.eventually.be.rejected.with.property('name', 'DeviceClosedError')
    await first.follow(anna.space, [])
    expect(await second.settings.follows.get()).to.deep.equal([])
    // what it wrote before stays
    expect((await first.walls.open(first.account.requireMe().space)).view().posts.map(({ text }) => text)).to.deep.equal(['before'])
    // and it stays closed when it begins again
    await second.stop()

    const again = await people.start(secondDisk)

    expect(again.account.isClosed()).to.equal(true)
    expect((await again.walls.open(again.account.requireMe().space)).view().posts.map(({ text }) => text)).to.deep.equal(['before'])
  })

  it('[A6] the phrase closes from a device without the root, and nothing else does', async () => {
    const target = deviceOf(first)
    const closed = once(first.account, 'device:closed')

    await expect(second.devices.close([target])).to.eventually.be.rejected.with.property('name', 'NoRootError')
    await expect(second.devices.close([target], { entropy: createEntropy(systemRandom) })).to.eventually.be.rejected.with.property('name', 'NoRootError')
    await expect(second.devices.close(['ab'.repeat(32) as DeviceId], { entropy: await first.account.entropy() })).to.eventually.be.rejected.with.property('name', 'NoSuchDeviceError')
    await expect(first.devices.close([target])).to.eventually.be.rejected.with.property('name', 'NoSuchDeviceError')
    expect(second.devices.list()).to.have.lengthOf(2)
    await second.devices.close([target], { entropy: await first.account.entropy() })
    await closed
    expect(second.devices.list().map(({ device }) => device)).to.deep.equal([deviceOf(second)])
    await expect(second.account.entropy()).to.eventually.be.rejected.with.property('name', 'NoRootError')
  })
})
