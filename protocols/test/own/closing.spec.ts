import { x25519 } from '@noble/curves/ed25519.js'
import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { identityId, spaceId, toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { makeForkProof, signEntry } from '../../src/log/index.ts'
import { contacts, follows, settings } from '../../src/own/index.ts'
import { encodeOwnPayload } from '../../src/own/payload.ts'
import { createEpochKey, decodeBundle, epochId, openBundle, openEpoch, sealBundle, sealPayload } from '../../src/space/index.ts'
import { bring, device, entriesOf, family, keysOf, meet, OWN_SPACE, testClock } from './devices.ts'
import type { Device, Family, Keys } from './devices.ts'
import type { Branch } from '../../src/log/index.ts'
import type { SettingName } from '../../src/own/index.ts'
import type { OwnPayload } from '../../src/own/payload.ts'

const wall = (n: number): ReturnType<typeof spaceId> => spaceId(new Uint8Array(32).fill(n))
const friend = (n: number): ReturnType<typeof identityId> => identityId(new Uint8Array(32).fill(n))
const theme = settings.at('theme' as SettingName)
const language = settings.at('language' as SettingName)

/** Ids of the epochs of which bundles are held, and under which epochs something was written, in the order of one chain */
async function epochsOf (of: Device): Promise<{ made: string[], used: string[] }> {
  const mine = (await entriesOf(of.log)).filter(({ header }) => header.device === of.device).reverse()

  return {
    made: mine.flatMap(({ header, payload }) => header.epoch == null && payload != null ? [toHex(decodeBundle(payload).epoch)] : []),
    used: mine.flatMap(({ header }) => header.epoch == null ? [] : [toHex(header.epoch)])
  }
}

describe('own devices that come and go', () => {
  let home: Family
  let [phone, laptop, tablet] = [] as unknown as Keys[]

  before(async () => {
    [phone, laptop, tablet] = await Promise.all(['phone', 'laptop', 'tablet'].map(keysOf))
  })

  beforeEach(async () => {
    home = await family()
    await home.list(phone, laptop)
  })

  /** Two devices that know everything of each other, the second of which set something */
  async function two (): Promise<[Device, Device]> {
    const [a, b] = [await device(home, phone), await device(home, laptop)]

    await b.own.set(follows.at(wall(1)), { relays: [] })
    await b.own.set(theme, 'light')
    await meet(a, b)

    return [a, b]
  }

  /** As the program does it: cut, record, settle */
  async function close (by: Device, closed: Keys[], left: Keys[]): Promise<void> {
    await by.own.cut(closed.map(keys => keys.device))
    await by.log.putRecord(await home.list(...left))
    await by.own.settle()
  }

  /** What a device writes that goes by no rule */
  async function forge (of: Device, payload: OwnPayload, key: Uint8Array): Promise<void> {
    const bytes = encodeOwnPayload(payload)
    const epoch = await openEpoch(key)

    await of.log.append(of.signer, {
      space: OWN_SPACE, identity: home.identity, rec: 0, time: 99_999, epoch: epoch.id, payload: async header => sealPayload(epoch, header, bytes, systemRandom)
    })
  }

  it('[OW12] two devices that begin at the same time read each other, and go on under one epoch', async () => {
    const [a, b] = await two()

    await a.own.set(language, 'en')
    await b.own.set(language, 'fr')
    await meet(a, b)
    await a.own.set(theme, 'x')
    await b.own.set(contacts.at(friend(1)), { name: 'Ben', peers: [], relays: [] })
    await meet(a, b)

    const alone = await device(home, phone)
    const other = await device(home, laptop)

    await alone.own.set(theme, 'from the phone')
    await other.own.set(language, 'from the laptop')
    await meet(alone, other)
    expect([alone.own.get(language), other.own.get(theme)]).to.deep.equal(['from the laptop', 'from the phone'])

    const [first, second] = [(await epochsOf(alone)).made[0], (await epochsOf(other)).made[0]]

    expect(first).to.not.equal(second)
    await alone.own.set(theme, 'again')
    await other.own.set(language, 'again')

    for (const one of [alone, other]) {
      expect((await epochsOf(one)).made).to.have.lengthOf(1)
      expect((await epochsOf(one)).used.at(-1)).to.equal([first, second].sort()[0])
    }
  })

  it('[OW13] does what the record asks for once, and nothing the second time', async () => {
    const [a, b] = await two()

    await a.own.settle()
    await b.own.settle()
    await meet(a, b)

    const count = (await entriesOf(a.log)).length

    await a.own.settle()
    await b.own.settle()
    await meet(a, b)
    expect(await entriesOf(a.log)).to.have.lengthOf(count)
  })

  it('[OW11] [OW13] a new device gets a new epoch, and the past too', async () => {
    const [a] = await two()

    await a.log.putRecord(await home.list(phone, laptop, tablet))
    await a.own.settle()

    const c = await device(home, tablet)

    await bring(a, c)
    expect(c.own.get(theme)).to.equal('light')
    expect([...c.own.list(follows).keys()]).to.deep.equal([wall(1)])
    await c.own.set(theme, 'mine')
    await bring(c, a)
    expect(a.own.get(theme)).to.equal('mine')
    expect((await epochsOf(c)).made).to.deep.equal([])
  })

  it('[OW13] what a device learns of the past later is told too', async () => {
    const a = await device(home, phone)
    const b = await device(home, laptop)

    await b.own.set(theme, 'light')
    await a.log.putRecord(await home.list(phone, laptop, tablet))
    await a.own.settle()

    const c = await device(home, tablet)

    await bring(a, c)
    await bring(b, a, { record: false })
    await bring(a, c)
    expect(c.own.get(theme)).to.equal(undefined)
    await a.own.settle()
    await bring(a, c)
    expect(c.own.get(theme)).to.equal('light')
  })

  it('[OW30] [OW32] what a closed device wrote before still counts, and what it writes later counts nowhere', async () => {
    const [a, b] = await two()
    const c = await device(home, tablet, { record: undefined })

    await close(a, [laptop], [phone, tablet])
    // it has not heard of it, or does not care
    await b.own.set(theme, 'evil')
    await b.own.set(follows.at(wall(66)), { relays: [] })
    await bring(a, c)

    for (const one of [a, c]) {
      await bring(b, one, { record: false })
      expect(one.own.get(theme)).to.equal('light')
      expect([...one.own.list(follows).keys()]).to.deep.equal([wall(1)])
    }

    await meet(a, c)
    expect(c.own.get(theme)).to.equal('light')
  })

  it('[OW11] a closed device opens nothing that is written later, with or without the record', async () => {
    const [a, b] = [await device(home, phone), await device(home, laptop)]

    // the epoch is of the device that stays
    await a.own.set(theme, 'light')
    await meet(a, b)
    expect(b.own.get(theme)).to.equal('light')
    await close(a, [laptop], [phone])
    await a.own.set(theme, 'secret')
    await a.own.set(follows.at(wall(2)), { relays: [] })

    for (const record of [false, true]) {
      await bring(a, b, { record })
      expect(b.own.get(theme)).to.not.equal('secret')
      expect(b.own.list(follows).has(wall(2))).to.equal(false)
    }

    const { made, used } = await epochsOf(a)

    expect(made).to.have.lengthOf(2)
    expect(used.at(-1)).to.equal(made[1])
    await expect(b.own.set(theme, 'evil')).to.eventually.be.rejected.with.property('name', 'NotAWriterError')
  })

  it('[OW11] without waiting to be told, the first value after a closing goes under a new epoch', async () => {
    const [a] = await two()
    const before = await epochsOf(a)

    await a.log.putRecord(await home.list(phone))
    await a.own.set(theme, 'secret')

    const { made, used } = await epochsOf(a)

    expect(made).to.have.lengthOf(before.made.length + 1)
    expect(used.at(-1)).to.equal(made.at(-1))
  })

  it('[OW31] while no cut is known nothing of a closed device counts', async () => {
    const [a] = await two()

    await a.log.putRecord(await home.list(phone))
    await a.own.settle()
    expect(a.own.get(theme)).to.equal(undefined)
    await a.own.cut([laptop.device])
    expect(a.own.get(theme)).to.equal('light')
    expect([...a.own.list(follows).keys()]).to.deep.equal([wall(1)])
  })

  it('[OW31] while the entry at the cut is not held nothing counts, and then all that it builds upon does', async () => {
    const [a, b] = await two()

    await close(a, [laptop], [phone, tablet])

    const c = await device(home, tablet)
    const fromLaptop = (await entriesOf(b.log)).filter(({ header }) => header.device === laptop.device)

    await c.log.ingest(OWN_SPACE, (await entriesOf(a.log)).filter(({ header }) => header.device === phone.device))
    await c.log.ingest(OWN_SPACE, fromLaptop.slice(2))
    await c.own.start()
    expect(c.own.list(follows).size).to.equal(0)
    await c.log.ingest(OWN_SPACE, fromLaptop.slice(0, 1))
    await c.own.start()
    expect([c.own.get(theme), c.own.list(follows).size]).to.deep.equal(['light', 0])
    await c.log.ingest(OWN_SPACE, fromLaptop.slice(1, 2))
    await c.own.start()
    expect([c.own.get(theme), c.own.list(follows).size]).to.deep.equal(['light', 1])
  })

  it('[OW30] a cut of an open device changes nothing, and that which took effect stays', async () => {
    const [a, b] = await two()

    await a.own.cut([laptop.device])
    await b.own.set(theme, 'later')
    await bring(b, a)
    expect(a.own.get(theme)).to.equal('later')
    await close(a, [laptop], [phone])
    expect(a.own.get(theme)).to.equal('later')

    await b.own.set(theme, 'evil')
    await bring(b, a, { record: false })

    const count = (await entriesOf(a.log)).length

    await a.own.cut([laptop.device])
    expect(a.own.get(theme)).to.equal('later')
    expect(await entriesOf(a.log)).to.have.lengthOf(count)
  })

  it('[OW30] a device that wrote nothing can be closed, and says nothing of itself', async () => {
    const a = await device(home, phone)

    await a.own.set(theme, 'dark')
    await close(a, [laptop], [phone])
    expect(a.own.get(theme)).to.equal('dark')
    await expect(a.own.cut([phone.device])).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })

  it('[OW30] what a closed device says of others, or of itself, is not heard', async () => {
    const [a, b] = await two()

    await close(a, [laptop], [phone])

    // it knows the keys of before
    const bundle = (await entriesOf(b.log)).find(({ header: { epoch } }) => epoch == null)?.payload ?? expect.fail('no bundle')
    const key = await openBundle(OWN_SPACE, decodeBundle(bundle), [laptop.secret]) ?? expect.fail('no key')
    const { header } = (await entriesOf(b.log)).filter(entry => entry.header.device === laptop.device)[0]

    await forge(b, { kind: 'set', name: theme.name, value: encode('evil'), after: [] }, key)

    const [evil] = (await entriesOf(b.log)).filter(entry => entry.header.device === laptop.device)

    expect(evil.header.seq).to.equal(header.seq + 1)
    await forge(b, { kind: 'cut', device: laptop.device, last: { seq: evil.header.seq, id: evil.id }, after: [] }, key)
    await forge(b, { kind: 'cut', device: phone.device, last: null, after: [] }, key)
    await bring(b, a, { record: false })
    expect([a.own.get(theme), a.own.list(follows).size]).to.deep.equal(['light', 1])
    await a.own.set(theme, 'dark')
    expect(a.own.get(theme)).to.equal('dark')
  })

  it('[OW11] [OW34] nobody writes under an epoch of a closed device, however it was sealed', async () => {
    const [a, b] = await two()

    await close(a, [laptop], [phone])

    const key = createEpochKey(systemRandom)
    const [payload] = await sealBundle({
      space: OWN_SPACE, key, number: 1_000, recipients: [x25519.getPublicKey(phone.secret), home.root.recovery.publicKey], random: systemRandom
    })

    await b.log.append(b.signer, { space: OWN_SPACE, identity: home.identity, rec: 0, time: 1, payload })
    await bring(b, a, { record: false })
    await a.own.set(theme, 'dark')
    expect((await epochsOf(a)).used.at(-1)).to.not.equal(toHex(epochId(key)))
    expect((await epochsOf(a)).used.at(-1)).to.equal((await epochsOf(a)).made.at(-1))
  })

  it('[OW34] what was written under an epoch that a closed device made can still be read', async () => {
    const [a, b] = [await device(home, phone), await device(home, laptop)]

    await b.own.set(theme, 'light')
    await bring(b, a)
    await a.own.set(follows.at(wall(3)), { relays: [] })
    expect((await epochsOf(a)).made).to.deep.equal([])
    // nothing of the laptop counts, its bundle neither
    await a.log.putRecord(await home.list(phone, tablet))
    await a.own.settle()

    const c = await device(home, tablet)

    await bring(a, c)
    expect([...c.own.list(follows).keys()]).to.deep.equal([wall(3)])
  })

  it('[OW33] when the author of a cut is closed, another device says the same', async () => {
    await home.list(phone, laptop, tablet)

    const [a, b] = await two()
    const c = await device(home, tablet)

    await close(a, [laptop], [phone, tablet])
    await meet(a, c)
    await b.own.set(theme, 'evil')
    await bring(b, c, { record: false })
    // now the phone goes, which had closed the laptop
    await close(c, [phone], [tablet])
    expect([c.own.get(theme), c.own.list(follows).size]).to.deep.equal(['light', 1])

    const again = await device(home, tablet)

    await again.log.ingest(OWN_SPACE, await entriesOf(c.log))
    await again.own.start()
    expect([again.own.get(theme), again.own.list(follows).size]).to.deep.equal(['light', 1])
  })

  it('[OW33] also where nobody thought of it before the closing', async () => {
    await home.list(phone, laptop, tablet)

    const [a] = await two()
    const c = await device(home, tablet)

    await close(a, [laptop], [phone, tablet])
    await meet(a, c)
    await c.log.putRecord(await home.list(tablet))
    await c.own.start()
    expect(c.own.get(theme)).to.equal(undefined)
    await c.own.cut([phone.device])
    await c.own.settle()
    expect([c.own.get(theme), c.own.list(follows).size]).to.deep.equal(['light', 1])
  })

  it('[OW3] [OW30] at and above a split nothing counts, until the device is closed at the branch that does', async () => {
    const [a, b] = await two()
    const [newest] = (await entriesOf(b.log)).filter(({ header }) => header.device === laptop.device)
    const copy = await signEntry(laptop.signer, newest.header, new Uint8Array(40))
    const { bytes } = await makeForkProof(...[newest, copy].map(({ headerBytes, signature }) => ({ headers: [headerBytes], signature })) as [Branch, Branch])

    expect(a.own.get(theme)).to.equal('light')
    expect(await a.log.addForkProof(bytes)).to.equal(true)
    await a.own.start()
    expect([a.own.get(theme), a.own.list(follows).size]).to.deep.equal([undefined, 1])
    await close(a, [laptop], [phone])
    expect([a.own.get(theme), a.own.list(follows).size]).to.deep.equal(['light', 1])
  })

  it('[OW30] whoever has the key of a closed device cannot undo what was set from it', async () => {
    const [a, b] = await two()

    await close(a, [laptop], [phone])

    const theirs = (await entriesOf(b.log)).filter(({ header }) => header.device === laptop.device)
    const first = theirs[theirs.length - 1]
    const copy = await signEntry(laptop.signer, first.header, new Uint8Array(40))
    const { bytes } = await makeForkProof(...[first, copy].map(({ headerBytes, signature }) => ({ headers: [headerBytes], signature })) as [Branch, Branch])

    expect(await a.log.addForkProof(bytes)).to.equal(true)
    await a.own.start()
    expect([a.own.get(theme), a.own.list(follows).size]).to.deep.equal(['light', 1])
  })

  it('[OW30] the branch that counts is taken, though another came first', async () => {
    const [a, b] = await two()

    await close(a, [laptop], [phone, tablet])

    const c = await device(home, tablet)
    const theirs = (await entriesOf(b.log)).filter(({ header }) => header.device === laptop.device)
    const first = theirs[theirs.length - 1]
    const copy = await signEntry(laptop.signer, first.header, new Uint8Array(40))
    const { bytes } = await makeForkProof(...[first, copy].map(({ headerBytes, signature }) => ({ headers: [headerBytes], signature })) as [Branch, Branch])

    await c.log.ingest(OWN_SPACE, [copy])
    await bring(a, c)
    expect(c.own.list(follows).size).to.equal(0)

    for (const one of [a, c]) {
      await one.log.addForkProof(bytes)
    }

    await bring(a, c)
    expect([c.own.get(theme), c.own.list(follows).size]).to.deep.equal(['light', 1])
  })

  it('[OW10] the phrase alone opens everything, from stored entries and the record', async () => {
    const [a, b] = await two()

    await a.log.putRecord(await home.list(phone, laptop, tablet))
    await a.own.settle()
    await close(a, [laptop], [phone, tablet])
    await a.own.set(contacts.at(friend(1)), { name: 'Ben', peers: [], relays: [] })

    const kept = await entriesOf(a.log)
    const fresh = await keysOf('fresh')
    const restored = await device(home, fresh, { secrets: [home.root.recovery.privateKey] })

    await restored.log.ingest(OWN_SPACE, kept)
    await restored.own.start()
    expect([restored.own.get(theme), restored.own.list(follows).size, restored.own.get(contacts.at(friend(1)))?.name]).to.deep.equal(['light', 1, 'Ben'])

    // all that was is closed, and it goes on
    await restored.log.putRecord(await home.list(fresh))
    await restored.own.cut([phone.device, tablet.device, laptop.device])
    await restored.own.settle()
    await restored.own.set(theme, 'restored')
    expect([restored.own.get(theme), restored.own.list(follows).size, restored.own.get(contacts.at(friend(1)))?.name]).to.deep.equal(['restored', 1, 'Ben'])

    for (const old of [a, b]) {
      await bring(restored, old, { record: false })
      expect(old.own.get(theme)).to.equal('light')
    }
  })

  it('without the phrase and without a device of the record nothing opens', async () => {
    const [a] = await two()
    const eve = await device(home, await keysOf('eve'), { clock: testClock() })

    await bring(a, eve)
    expect([eve.own.get(theme), eve.own.list(follows).size]).to.deep.equal([undefined, 0])
  })
})
