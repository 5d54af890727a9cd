import { expect } from 'aegir/chai'
import { identityId, spaceId } from '../../src/ids.ts'
import { contacts, follows } from '../../src/own/index.ts'
import { createSettings } from '../../src/peer/settings.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { bring, device, family, keysOf, meet } from '../own/devices.ts'
import { relayInfo } from '../relay-info/relays.ts'
import type { Store } from '../../src/interface.ts'
import type { Contact, Settings } from '../../src/peer/settings.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'
import type { Device, Family, Keys } from '../own/devices.ts'

const wall = (n: number): ReturnType<typeof spaceId> => spaceId(new Uint8Array(32).fill(n))
const card = (n: number, name: string): Contact => ({ identity: identityId(new Uint8Array(32).fill(n)), name, peers: [], relays: [] })

describe('peer: settings that own devices share', () => {
  let home: Family
  let [phone, laptop] = [] as unknown as Keys[]
  let relay: RelayInfo

  beforeEach(async () => {
    [phone, laptop] = await Promise.all([keysOf('phone'), keysOf('laptop')])
    relay = await relayInfo(1)
    home = await family()
    await home.list(phone, laptop)
  })

  async function begin (keys: Keys, store: Store = memoryStore()): Promise<[Device, Settings, Store]> {
    return [await device(home, keys), createSettings(store), store]
  }

  it('what was kept on the device goes to all, and is no longer kept here', async () => {
    const [a, settings, store] = await begin(phone)

    await settings.relays.update(() => [relay])
    await settings.follows.update(() => [{ space: wall(1), relays: [relay] }])
    await settings.contacts.update(() => [{ ...card(1, 'Anna'), token: Uint8Array.of(1) }])
    await settings.share(a.own)

    const [b, others] = await begin(laptop)

    await bring(a, b)
    await others.share(b.own)

    for (const shown of [settings, others]) {
      expect(await shown.relays.get()).to.deep.equal([relay])
      expect(await shown.follows.get()).to.deep.equal([{ space: wall(1), relays: [relay] }])
      expect(await shown.contacts.get()).to.deep.equal([{ ...card(1, 'Anna'), token: Uint8Array.of(1) }])
    }

    const left = createSettings(store)

    expect([await left.relays.get(), await left.follows.get(), await left.contacts.get()]).to.deep.equal([[], [], []])
  })

  it('what two devices add at the same time is there on both, and what one takes away is gone on both', async () => {
    const [a, first] = await begin(phone)
    const [b, second] = await begin(laptop)

    await first.share(a.own)
    await second.share(b.own)
    await first.contacts.update(known => [...known, card(1, 'Anna')])
    await second.contacts.update(known => [...known, card(2, 'Ben'), card(3, 'Cleo')])
    await meet(a, b)
    expect((await first.contacts.get()).map(({ name }) => name)).to.deep.equal(['Anna', 'Ben', 'Cleo'])
    expect(await second.contacts.update(known => known.filter(({ name }) => name !== 'Anna'))).to.have.lengthOf(2)
    await first.contacts.update(known => known.map(contact => contact.name === 'Ben' ? { ...contact, name: 'Benedict' } : contact))
    await meet(a, b)

    for (const { contacts } of [first, second]) {
      expect((await contacts.get()).map(({ name }) => name)).to.deep.equal(['Benedict', 'Cleo'])
    }
  })

  it('writes only what changed', async () => {
    const [a, settings] = await begin(phone)

    await settings.share(a.own)
    await settings.follows.update(() => [1, 2, 3].map(n => ({ space: wall(n), relays: [] })))

    const heard: string[] = []

    a.own.addEventListener('own:changed', ({ detail }) => { heard.push(...detail.names) })
    await settings.follows.update(known => known.filter(({ space }) => space !== wall(2)))
    await settings.follows.update(known => [...known, { space: wall(4), relays: [] }])
    expect(heard).to.deep.equal([follows.at(wall(2)).name, follows.at(wall(4)).name])
  })

  it('what the others have set already stands', async () => {
    const [a, first] = await begin(phone)

    await first.share(a.own)
    await first.relays.update(() => [relay])
    await first.contacts.update(() => [card(1, 'Anna, newer')])

    const [b, second] = await begin(laptop)

    await second.relays.update(() => [])
    await second.contacts.update(() => [card(1, 'Anna'), card(2, 'Ben')])
    await bring(a, b)
    await second.share(b.own)
    expect(await second.relays.get()).to.deep.equal([relay])
    expect((await second.contacts.get()).map(({ name }) => name)).to.deep.equal(['Anna, newer', 'Ben'])
  })

  it('a device that may not write keeps what it has, and may try again', async () => {
    const record = home.record
    const [a, settings, store] = await begin(phone)

    await settings.contacts.update(() => [card(1, 'Anna'), card(2, 'Ben')])

    home.record = undefined

    const stranger = await device(home, phone)

    await expect(settings.share(stranger.own)).to.eventually.be.rejected.with.property('name', 'NotAWriterError')
    expect(await settings.contacts.get()).to.have.lengthOf(2)
    expect(await createSettings(store).contacts.get()).to.have.lengthOf(2)
    home.record = record
    await settings.share(a.own)
    expect(a.own.list(contacts).size).to.equal(2)
  })

  it('[OW54] what is changed while this device may not write is there at once, over a restart too, and only that goes to the others later', async () => {
    const [a, settings, store] = await begin(phone)
    const [b, others] = await begin(laptop)

    await settings.share(a.own, async () => false)
    await others.share(b.own)
    await others.contacts.update(() => [card(1, 'Anna'), card(2, 'Ben')])
    await bring(b, a)
    await settings.contacts.update(known => [...known.filter(({ name }) => name !== 'Anna'), card(3, 'Cleo')])
    await settings.direct.update(() => false)
    await others.contacts.update(known => [...known.map(contact => contact.name === 'Ben' ? { ...contact, name: 'Benedict' } : contact), card(4, 'Dora')])
    await meet(a, b)
    expect((await others.contacts.get()).map(({ name }) => name)).to.deep.equal(['Anna', 'Benedict', 'Dora'])

    const again = createSettings(store)

    await again.share(a.own, async () => false)
    expect((await again.contacts.get()).map(({ name }) => name)).to.deep.equal(['Ben', 'Cleo'])
    await again.share(a.own, async () => true)
    await meet(a, b)

    for (const { contacts, direct } of [again, others]) {
      expect((await contacts.get()).map(({ name }) => name)).to.deep.equal(['Benedict', 'Cleo', 'Dora'])
      expect(await direct.get()).to.equal(false)
    }
  })
})
