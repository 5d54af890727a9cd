import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { entryId, identityId, spaceId, toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { contacts, createOwn, deviceNames, deviceOrder, drafts, follows, MAX_VALUE_BYTES, mutes, ownSpaceId, settings } from '../../src/own/index.ts'
import { isPrivateSpace } from '../../src/space/index.ts'
import { memoryDisk, memoryStore } from '../../src/storage/index.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { bring, device, entriesOf, family, keysOf, logOf, meet, OWN_SPACE, SEED, testClock } from './devices.ts'
import type { Device, Family, Keys } from './devices.ts'
import type { Store } from '../../src/interface.ts'
import type { Entry } from '../../src/log/index.ts'
import type { DraftId, Register, SettingName } from '../../src/own/index.ts'
import type { MemoryDisk } from '../../src/storage/index.ts'

const wall = (n: number): ReturnType<typeof spaceId> => spaceId(new Uint8Array(32).fill(n))
const friend = (n: number): ReturnType<typeof identityId> => identityId(new Uint8Array(32).fill(n))
const draft = 'ab'.repeat(16) as DraftId
const theme = settings.at('theme' as SettingName)
const anything: Register<unknown> = { name: 'of-a-later-version', read: value => value, write: value => value }

/** A store that does so many batches and then loses power */
function powerFailsAfter (disk: MemoryDisk, writes: number): Store {
  const store = disk.open()
  let left = writes

  const batch: Store['batch'] = async (ops, options) => {
    if (left-- <= 0) {
      disk.powerCut()
    }

    await store.batch(ops, options)
  }

  return {
    batch,
    get: async key => store.get(key),
    getMany: async keys => store.getMany(keys),
    put: async (key, value, options) => batch([{ type: 'put', key, value }], options),
    delete: async (key, options) => batch([{ type: 'delete', key }], options),
    range: options => store.range(options),
    close: async () => store.close()
  }
}

describe('own devices', () => {
  let home: Family
  let phone: Keys
  let laptop: Keys

  before(async () => {
    [phone, laptop] = await Promise.all([keysOf('phone'), keysOf('laptop')])
  })

  beforeEach(async () => {
    home = await family()
    await home.list(phone, laptop)
  })

  it('[OW1] the space comes from the seed alone, and is no wall of anybody', () => {
    for (let n = 0; n < 100; n++) {
      expect(isPrivateSpace(ownSpaceId(new Uint8Array(32).fill(n)))).to.equal(true)
    }

    expect(ownSpaceId(SEED)).to.equal(OWN_SPACE)
    expect(ownSpaceId(new Uint8Array(32))).to.not.equal(OWN_SPACE)
    expect(() => ownSpaceId(new Uint8Array(31))).to.throw().with.property('name', 'MalformedError')
  })

  it('[OW2] nobody else may write in it', async () => {
    const { log } = await device(home, phone)
    const stranger = await person('stranger')

    await log.putRecord(stranger.record)
    await expect(log.append(stranger.signers[0], { space: OWN_SPACE, identity: stranger.identity, rec: 0, time: 1, payload: encode({}) }))
      .to.eventually.be.rejected.with.property('name', 'NotAWriterError')
  })

  it('[OW24] what was set is there, also after a restart, and what was taken away is not', async () => {
    const store = memoryStore()
    const { own } = await device(home, phone, { store })

    expect(own.get(theme)).to.equal(undefined)
    await own.set(theme, 'dark')
    await own.set(follows.at(wall(1)), { relays: [] })
    await own.set(follows.at(wall(2)), { relays: [] })
    await own.set(follows.at(wall(1)), null)

    for (const { own: read } of [{ own }, await device(home, phone, { store })]) {
      expect(read.get(theme)).to.equal('dark')
      expect([...read.list(follows).keys()]).to.deep.equal([wall(2)])
      expect(read.get(follows.at(wall(1)))).to.equal(undefined)
    }
  })

  it('[OW24] setting it to what it is writes nothing', async () => {
    const { own, log } = await device(home, phone)

    await own.set(theme, 'dark')

    const before = (await entriesOf(log)).length

    await own.set(theme, 'dark')
    await own.set(follows.at(wall(1)), null)
    expect(await entriesOf(log)).to.have.lengthOf(before)
  })

  it('[OW27] two devices that follow different walls at the same time both win', async () => {
    const [a, b] = [await device(home, phone), await device(home, laptop)]

    await a.own.set(follows.at(wall(1)), { relays: [] })
    await b.own.set(follows.at(wall(2)), { relays: [] })
    await meet(a, b)

    for (const { own } of [a, b]) {
      expect([...own.list(follows).keys()].sort()).to.deep.equal([wall(1), wall(2)])
    }
  })

  it('[OW25] one register set on both has the same value on both, and the next one replaces both', async () => {
    const fast = testClock(9_000)
    const [a, b] = [await device(home, phone, { clock: fast }), await device(home, laptop)]

    await a.own.set(theme, 'dark')
    await b.own.set(theme, 'light')
    await meet(a, b)
    expect([a.own.get(theme), b.own.get(theme)]).to.deep.equal(['dark', 'dark'])
    await b.own.set(theme, 'light')
    await meet(a, b)
    expect([a.own.get(theme), b.own.get(theme)]).to.deep.equal(['light', 'light'])
  })

  it('[OW26] three devices end with the same, in whatever order they meet', async () => {
    const tablet = await keysOf('tablet')

    await home.list(phone, laptop, tablet)

    const ends = []

    for (const order of [[0, 1, 2, 0, 1], [2, 1, 0, 1, 2], [1, 0, 2, 1, 0]]) {
      const devices = [await device(home, phone, { clock: testClock(1) }), await device(home, laptop, { clock: testClock(2) }), await device(home, tablet, { clock: testClock(3) })]

      for (const [i, { own }] of devices.entries()) {
        await own.set(theme, `theme ${i}`)
        await own.set(contacts.at(friend(i + 1)), { name: `Friend ${i}`, peers: [], relays: [] })
        await own.set(deviceNames.at(devices[i].device), `Device ${i}`)
      }

      for (let i = 1; i < order.length; i++) {
        await meet(devices[order[i - 1]], devices[order[i]])
      }

      await meet(devices[0], devices[1])
      await meet(devices[1], devices[2])
      await meet(devices[0], devices[2])

      const states = devices.map(({ own }) => ({ theme: own.get(theme), contacts: [...own.list(contacts)].sort(), names: [...own.list(deviceNames).values()].sort() }))

      expect(states[1]).to.deep.equal(states[0])
      expect(states[2]).to.deep.equal(states[0])
      ends.push(states[0])
    }

    expect(ends[0]).to.deep.equal({
      theme: 'theme 2',
      contacts: [1, 2, 3].map(n => [friend(n), { name: `Friend ${n - 1}`, peers: [], relays: [] }]),
      names: ['Device 0', 'Device 1', 'Device 2']
    })
    expect(ends[1]).to.deep.equal(ends[0])
    expect(ends[2]).to.deep.equal(ends[0])
  })

  it('[OW28] what this version has no name for travels on, and what it cannot read is none', async () => {
    const [a, b] = [await device(home, phone), await device(home, laptop)]

    await a.own.set(anything, { some: ['thing'] })
    await a.own.set({ ...anything, name: 'device-order' }, 'not an order')
    await bring(a, b)
    expect(b.own.get(anything)).to.deep.equal({ some: ['thing'] })
    expect(b.own.get(deviceOrder)).to.equal(undefined)
    await b.own.set(deviceOrder, { order: [phone.device] })
    await bring(b, a)
    expect(a.own.get(deviceOrder)).to.deep.equal({ order: [phone.device] })
  })

  it('[OW22] a value that is too large, or is none, is refused and nothing is written', async () => {
    const { own, log } = await device(home, phone)

    await expect(own.set(anything, new Uint8Array(MAX_VALUE_BYTES))).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    await expect(own.set(drafts.at(draft), { text: 'x'.repeat(MAX_VALUE_BYTES) })).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    await expect(own.set(mutes.at(friend(1)), { until: -1 })).to.eventually.be.rejected.with.property('name', 'MalformedError')
    expect(await entriesOf(log)).to.deep.equal([])
    await own.set(anything, new Uint8Array(MAX_VALUE_BYTES - 3))
    expect(own.get(anything)).to.have.lengthOf(MAX_VALUE_BYTES - 3)
  })

  it('says which registers changed, and to whom it matters', async () => {
    const [a, b] = [await device(home, phone), await device(home, laptop)]
    const heard: string[][] = []
    const calls: string[] = []
    const abort = new AbortController()

    b.own.addEventListener('own:changed', ({ detail }) => { heard.push(detail.names) })
    b.own.watch(follows, () => { calls.push('follows') }, { signal: abort.signal })
    b.own.watch(theme, () => { calls.push('theme') }, { signal: abort.signal })
    await a.own.set(follows.at(wall(1)), { relays: [] })
    await a.own.set(contacts.at(friend(1)), { name: 'Ben', peers: [], relays: [] })
    await bring(a, b)
    expect(heard.flat().sort()).to.deep.equal([contacts.at(friend(1)).name, follows.at(wall(1)).name].sort())
    expect(calls).to.deep.equal(['follows'])
    await b.own.set(theme, 'dark')
    expect(calls).to.deep.equal(['follows', 'theme'])
    abort.abort()
    await b.own.set(theme, 'light')
    expect(calls).to.deep.equal(['follows', 'theme'])
  })

  it('takes what arrives in any order, before its epoch too', async () => {
    const [a, b] = [await device(home, phone), await device(home, laptop)]

    await a.own.set(theme, 'dark')
    await a.own.set(follows.at(wall(1)), { relays: [] })

    const entries = await entriesOf(a.log)

    expect(entries.map(({ header }) => header.epoch == null)).to.deep.equal([false, false, true])

    for (const entry of entries) {
      await b.log.ingest(OWN_SPACE, [entry])
    }

    await b.own.start()
    expect(b.own.get(theme)).to.equal('dark')
    expect(b.own.list(follows).size).to.equal(1)
  })

  it('after it was stopped it hears nothing, and what is asked is refused by name', async () => {
    const [a, b] = [await device(home, phone), await device(home, laptop)]

    await a.own.set(theme, 'light')
    await bring(a, b)
    await b.own.stop()
    await b.own.stop()
    await a.own.set(theme, 'dark')
    await b.log.ingest(OWN_SPACE, await entriesOf(a.log))
    expect(b.own.get(theme)).to.equal('light')
    await expect(b.own.set(theme, 'red')).to.eventually.be.rejected.with.property('name', 'NotStartedError')
    await b.own.start()
    expect(b.own.get(theme)).to.equal('dark')
  })

  it('writes nothing before it is sure that nothing of its own is missing', async () => {
    const { log, identity } = { log: logOf(memoryStore(), home.identity), identity: home.identity }
    const known = Promise.withResolvers<undefined>()
    const own = createOwn({
      log, clock: testClock(), random: systemRandom, identity, signer: phone.signer, secrets: [phone.secret], seed: SEED, knowsOwn: async () => known.promise
    })

    await log.putRecord(home.record ?? expect.fail('no record'))
    await own.start()

    const setting = own.set(theme, 'dark')

    expect(await entriesOf(log)).to.deep.equal([])
    known.resolve(undefined)
    await setting
    expect(own.get(theme)).to.equal('dark')
  })

  it('without a record nothing counts and nothing is written', async () => {
    const record = home.record ?? expect.fail('no record')

    home.record = undefined

    const { own, log } = await device(home, phone)

    await expect(own.set(theme, 'dark')).to.eventually.be.rejected.with.property('name', 'NotAWriterError')
    await log.putRecord(record)
    await own.set(theme, 'dark')
    expect(own.get(theme)).to.equal('dark')
  })

  it('tells nothing to whoever keeps the entries', async () => {
    const { own, log } = await device(home, phone)
    const canary = 'canary-7f3a'

    await own.set(theme, canary)
    await own.set(contacts.at(friend(0xcc)), { name: canary, peers: [canary], relays: [], token: new TextEncoder().encode(canary) })
    await own.set(drafts.at(draft), { text: canary, of: entryId(new Uint8Array(32).fill(0xdd)) })
    await own.set({ ...anything, name: canary }, canary)
    await own.cut([laptop.device])

    const bytes = (await entriesOf(log)).map(({ headerBytes, payload }) => toHex(headerBytes) + toHex(payload ?? new Uint8Array())).join('')

    for (const hidden of [toHex(new TextEncoder().encode(canary)), friend(0xcc), 'dd'.repeat(32), laptop.device, toHex(SEED), draft]) {
      expect(bytes).to.not.include(hidden)
    }

    expect(bytes).to.include(phone.device)
  })

  it('a power cut before any write loses nothing that was done, and no number is used twice', async () => {
    const disk = memoryDisk()
    const seen = new Map<number, string>()
    let done = 0

    const note = ({ header, id }: Entry): void => {
      expect(seen.get(header.seq) ?? id, `number ${header.seq}`).to.equal(id)
      seen.set(header.seq, id)
    }
    // each needs a write, the first of all two more: a record and a key bundle
    const addSix = async ({ own }: Device): Promise<void> => {
      for (let n = 0; n < 6; n++) {
        await own.set(contacts.at(friend(done + 1)), { name: 'Ben', peers: [], relays: [] })
        done++
      }
    }

    for (let writes = 0; writes < 12; writes++) {
      const failing = await device(home, phone, { store: powerFailsAfter(disk, writes % 6) }).catch(() => undefined)

      failing?.log.addEventListener('entries:added', ({ detail }) => { detail.entries.forEach(note) })
      await (failing == null ? undefined : expect(addSix(failing)).to.eventually.be.rejected.with.property('name', 'NotStartedError'))

      const { own, log } = await device(home, phone, { store: disk.open() })

      expect(own.list(contacts).size).to.equal(done)
      await own.set(theme, `theme ${writes}`)
      await own.stop()
      ;(await entriesOf(log)).forEach(note)
      disk.powerCut()
    }

    expect(done).to.be.above(12)
  })
})
