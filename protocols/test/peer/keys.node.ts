import { expect } from 'aegir/chai'
import { createEntropy, rootFromEntropy, signRecord, proveDevice, signerFromSeed } from '../../src/identity/index.ts'
import { systemRandom } from '../../src/interface.ts'
import { disk, People, until } from './own-people.ts'
import type { TestRelay } from './own-people.ts'
import type { SignedRecord } from '../../src/identity/index.ts'
import type { Peer } from '../../src/peer/index.ts'

describe('peer: keys', () => {
  let people: People
  let relay: TestRelay
  let first: Peer
  let second: Peer

  beforeEach(async () => {
    people = new People()
    relay = await people.relay()
    first = await people.join('Ada', relay)
    second = await people.pair(first, await disk(), 'Laptop')
  })

  afterEach(async () => people.end())

  it('[E2] a friend is not verified until the numbers are compared, which all own devices know then; all new devices are worth a look', async () => {
    const root = await rootFromEntropy(createEntropy(systemRandom))
    const { identity } = root

    /** A record with a single device that no other lists */
    async function record (previous?: SignedRecord): Promise<SignedRecord> {
      const from = previous == null ? 0 : previous.record.seq + 1
      const entry = await proveDevice(await signerFromSeed(systemRandom.bytes(32)), { identity, from, role: 'client', x25519: systemRandom.bytes(32) })
      const closed = (previous?.record.devices ?? []).map(({ device }) => ({ device, cut: null }))

      return signRecord(root, { devices: [entry], closed, reading: systemRandom.bytes(32), publish: systemRandom.bytes(32), time: 1 }, previous)
    }

    const before = await record()
    const state = async (peer: Peer): Promise<string | undefined> => (await peer.keys.list()).find(row => 'identity' in row && row.identity === identity)?.state

    await first.log.putRecord(before)
    await first.settings.contacts.update(() => [{ identity, name: 'Ben', peers: [], relays: [] }])
    expect(await state(first)).to.equal('unverified')
    expect(first.keys.safetyNumber({ identity })).to.match(/^(\d{5} ){11}\d{5}$/).and.to.equal(second.keys.safetyNumber({ identity }))
    await first.keys.verify({ identity })
    expect(await state(first)).to.equal('verified')
    await until(second, 'session:changed', async () => await state(second) === 'verified')
    await first.log.putRecord(await record(before))
    expect(await state(first)).to.equal('changed')
    await first.keys.verify({ identity })
    expect(await state(first)).to.equal('verified')
    await first.keys.forget({ identity })
    expect(await state(first)).to.equal('unverified')
  })

  it('[E2] own devices verify each other by the code on the screen, and by no other', async () => {
    const [one, two] = [first, second].map(({ account }) => ({ device: account.requireMe().device }))

    expect(first.keys.safetyNumber(two)).to.equal(second.keys.safetyNumber(one))
    expect(await first.keys.scan(two, first.keys.safetyCode(two))).to.equal(false)
    expect((await first.keys.list()).map(({ state }) => state)).to.deep.equal(['unverified'])
    await expect(first.keys.scan(two, 'something else')).to.eventually.be.rejected.with.property('name', 'MalformedError')
    expect(await first.keys.scan(two, second.keys.safetyCode(one))).to.equal(true)
    expect(await first.keys.list()).to.deep.equal([{ ...two, name: 'Laptop', state: 'verified' }])
    await expect(first.keys.verify(one)).to.eventually.be.rejected.with.property('name', 'NoSuchDeviceError')
  })

  it('[E2] a friend who was verified and refuses to be known is worth a look, until they do not', async () => {
    const anna = await people.join('Anna', relay)
    const [me, them] = [first, anna].map(({ account }) => account.requireMe().identity)
    const helper = await people.pair(anna, await disk(), 'Of Anna')
    // what her other device calls her by
    const [peer] = await helper.settings.ownPeers.get()
    const state = async (): Promise<string | undefined> => (await first.keys.list()).find(row => 'identity' in row && row.identity === them)?.state

    await first.settings.contacts.update(() => [{ identity: them, name: 'Anna', peers: [peer], relays: [relay.info] }])
    await first.keys.verify({ identity: them })
    first.reconnect()
    // she knows nothing of us
    await until(first, 'connection:changed', async () => await state() === 'changed')
    await anna.settings.contacts.update(() => [{ identity: me, name: 'Ada', peers: [], relays: [relay.info] }])
    first.reconnect()
    await until(first, 'connection:changed', async () => await state() === 'verified')
  })
})
