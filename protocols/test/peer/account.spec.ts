import { x25519 } from '@noble/curves/ed25519.js'
import { expect } from 'aegir/chai'
import { compareRecords, decodeRecord, deviceStatus, proveDevice, rootFromEntropy, signerFromSeed } from '../../src/identity/index.ts'
import { deviceId } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { MAX_DEVICES } from '../../src/limits.ts'
import { payloadOf } from '../../src/testing/simulator-people.ts'
import { holder, holders, settle } from './holders.ts'
import type { Holder } from './holders.ts'
import type { DeviceEntry } from '../../src/identity/index.ts'
import type { ChainKey } from '../../src/log/index.ts'

/** A device that has agreed to be listed */
async function agreed (by: Holder): Promise<DeviceEntry> {
  return proveDevice(await signerFromSeed(systemRandom.bytes(32)), {
    identity: by.account.requireMe().identity, x25519: systemRandom.bytes(32), role: 'client', from: 0
  })
}

function chainOf ({ account, device }: Holder): ChainKey {
  const { identity, space } = account.requireMe()

  return { space, identity, device }
}

async function statuses (by: Holder, devices: Array<{ device: Holder['device'] }>): Promise<string[]> {
  const { record } = await by.record()

  return devices.map(({ device }) => deviceStatus(record, device).status)
}

describe('peer: devices of an account', () => {
  it('[ID37] closes a device at its last entry held here, and at null where none is', async () => {
    const [a, b, c] = await holders(3)
    const entries = [await b.account.append(payloadOf('one')), await b.account.append(payloadOf('two'))]

    await a.log.ingest(a.account.requireMe().space, entries.toReversed())

    const { record } = await a.account.closeDevices([b.device, c.device])

    expect(record.closed).to.deep.equal([{ device: b.device, cut: entries[1].id }, { device: c.device, cut: null }])
    expect(record.devices.map(({ device }) => device)).to.deep.equal([a.device])
    expect((await a.account.closeDevices([b.device])).record).to.deep.equal(record)
  })

  it('[ID37] makes a new reading key at each closing and at no other change, and keeps the secrets of all', async () => {
    const [a, b, c] = await holders(3)
    const keys = [(await a.record()).record.reading]

    await a.account.addDevice(await agreed(a))
    expect((await a.record()).record.reading).to.deep.equal(keys[0])

    for (const { device } of [b, c]) {
      keys.unshift((await a.account.closeDevices([device])).record.reading)
    }

    expect((await a.account.secrets()).reading.map(secret => x25519.getPublicKey(secret))).to.deep.equal(keys)
    expect(new Set(keys.map(String)).size).to.equal(3)

    const again = await a.restarted()

    expect((await again.account.secrets()).reading).to.deep.equal((await a.account.secrets()).reading)
  })

  it('[ID37] learns the reading keys that another device made, the one in use first', async () => {
    const [a, b, c] = await holders(3)

    await a.account.closeDevices([c.device])
    await b.hear(await a.record())

    const { reading } = await a.account.secrets()

    await b.account.learnReading(reading.slice(1))
    await b.account.learnReading(reading)
    expect((await b.account.secrets()).reading).to.deep.include.members(reading)
    expect((await b.account.secrets()).reading[0]).to.deep.equal(reading[0])
    await b.account.learnReading(reading.slice(1))
    expect((await b.account.secrets()).reading[0]).to.deep.equal(reading[0])
  })

  it('[ID12] knows the seed of the space of own devices from the phrase, and from whoever listed it', async () => {
    const [a] = await holders(1)
    const b = await holder()
    const root = await rootFromEntropy(await a.account.entropy())
    const secrets = await a.account.secrets()

    expect(secrets.own).to.deep.equal(root.ownSpaceSeed)
    await b.account.adopt(await a.account.addDevice(await b.account.agree(root.identity, 1)), secrets)
    expect(await b.account.secrets()).to.deep.equal(secrets)
    await expect(b.account.entropy()).to.eventually.be.rejected.with.property('name', 'NoRootError')
  })

  it('[ID37] a restore closes all other devices in the record that lists the new one', async () => {
    const [a, b] = await holders(2)
    const entry = await a.account.append(payloadOf('one'))
    const fresh = await holder()

    await fresh.log.putRecord(await a.record())
    await fresh.log.ingest(a.account.requireMe().space, [entry])
    await fresh.account.restore(await a.account.entropy(), { closeOthers: true })

    const { record } = await fresh.record()

    expect(record.seq).to.equal((await b.record()).record.seq + 1)
    expect(record.devices.map(({ device }) => device)).to.deep.equal([fresh.device])
    expect(record.closed).to.deep.equal([{ device: a.device, cut: entry.id }, { device: b.device, cut: null }])
  })

  it('[ID36] refuses what makes no sense, by name', async () => {
    const [a, b] = await holders(2)
    const stranger = deviceId(systemRandom.bytes(32))
    const gone = (await b.record()).record.devices.find(({ device }) => device === b.device) as DeviceEntry

    await expect(a.account.closeDevices([a.device])).to.eventually.be.rejected.with.property('name', 'NoSuchDeviceError')
    await expect(a.account.closeDevices([b.device, stranger])).to.eventually.be.rejected.with.property('name', 'NoSuchDeviceError')
    expect(await statuses(a, [b])).to.deep.equal(['open'])
    await a.account.closeDevices([b.device])
    await expect(a.account.addDevice(gone)).to.eventually.be.rejected.with.property('name', 'DeviceClosedError')

    while ((await a.record()).record.devices.length < MAX_DEVICES) {
      await a.account.addDevice(await agreed(a))
    }

    await expect(a.account.addDevice(await agreed(a))).to.eventually.be.rejected.with.property('name', 'TooManyDevicesError')
  })

  it('[ID36] a restore does not open a closed device again', async () => {
    const [a, b] = await holders(2)
    const again = await holder()

    await a.account.closeDevices([b.device])
    again.keys.deviceSigner = async () => b.signer
    await again.log.putRecord(await a.record())
    await expect(again.account.restore(await a.account.entropy())).to.eventually.be.rejected.with.property('name', 'DeviceClosedError')
    expect(again.account.me()).to.equal(undefined)
  })

  it('[ID36] a device without the root closes nobody', async () => {
    const [a] = await holders(1)
    const b = await holder()

    await b.account.adopt(await a.account.addDevice(await b.account.agree(a.account.requireMe().identity, 1)), await a.account.secrets())
    await expect(b.account.closeDevices([a.device])).to.eventually.be.rejected.with.property('name', 'NoRootError')
  })

  it('[ID40] a closed device says so once, writes nothing more, and still reads', async () => {
    const [a, b] = await holders(2)
    let heard = 0

    b.account.addEventListener('device:closed', () => { heard++ })

    const entry = await b.account.append(payloadOf('one'))

    expect(b.account.isClosed()).to.equal(false)
    await a.log.ingest(a.account.requireMe().space, [entry])
    await a.account.closeDevices([b.device])
    await b.hear(await a.record())
    await b.account.reassert()
    expect(heard).to.equal(1)
    expect(b.account.isClosed()).to.equal(true)

    const another = await agreed(b)

    for (const attempt of [async () => b.account.append(payloadOf('two')), async () => b.account.addDevice(another), async () => b.account.closeDevices([a.device])]) {
      await expect(attempt()).to.eventually.be.rejected.with.property('name', 'DeviceClosedError')
    }

    expect(await b.log.get(entry.header, 0)).to.have.property('id', entry.id)
    expect((await b.restarted()).account.isClosed()).to.equal(true)
  })

  describe('two holders of the root that sign at once', () => {
    /** Both do something on the same record, hear of each other in every order, with either one's hash the lower */
    async function atOnce (count: number, first: (all: Holder[]) => Promise<unknown>, second: (all: Holder[]) => Promise<unknown>, then: (all: Holder[], order: string) => Promise<void>, before: (all: Holder[]) => Promise<void> = async () => {}): Promise<void> {
      const seen = new Set<string>()

      for (let time = 0; seen.size < 6; time++) {
        for (const order of ['a b', 'b a', 'restarted']) {
          const all = await holders(count, () => time)
          const [a, b] = all

          await before(all)
          await Promise.all([first(all), second(all)])

          const [mine, theirs] = [await a.record(), await b.record()]
          const lower = compareRecords(mine, theirs) > 0 ? 'a' : 'b'

          if (seen.has(`${order}, ${lower} stands`)) {
            continue
          }

          seen.add(`${order}, ${lower} stands`)

          if (order === 'restarted') {
            // power fails when the other's record is durable and its own has not been said again
            for (const [to, record] of [[a, theirs], [b, mine]] as const) {
              await to.log.putRecord(await decodeRecord(record.bytes))
              Object.assign(to, await to.restarted())
            }
          }

          await settle(order === 'b a' ? all.toReversed() : all)

          for (const each of all) {
            expect((await each.record()).hash, order).to.deep.equal((await a.record()).hash)
          }

          await then(all, `${order}, ${lower} stands`)
        }
      }
    }

    it('[ID38] close different devices: both stay closed', async function () {
      this.timeout(60_000)

      await atOnce(4, async ([a, , c]) => a.account.closeDevices([c.device]), async ([, b, , d]) => b.account.closeDevices([d.device]), async (all, order) => {
        expect(await statuses(all[0], all), order).to.deep.equal(['open', 'open', 'closed', 'closed'])
      })
    })

    it('[ID38] one closes, the other adds: both are done', async function () {
      this.timeout(60_000)

      let added: DeviceEntry[] = []

      await atOnce(3, async ([a, , c]) => a.account.closeDevices([c.device]), async ([, b]) => {
        added = [await agreed(b)]
        await b.account.addDevice(added[0])
      }, async (all, order) => {
        expect(await statuses(all[0], [...all, ...added]), order).to.deep.equal(['open', 'open', 'closed', 'open'])
      })
    })

    it('[ID38] close one device at different places: the later entry is the cut', async function () {
      this.timeout(60_000)

      /** How many of the closed device's entries each of the two holds */
      for (const [mine, theirs] of [[0, 1], [1, 0], [1, 2], [2, 1], [2, 2], [0, 0]]) {
        const hold = async (by: Holder, writer: Holder, count: number): Promise<void> => {
          for await (const entry of writer.log.read(chainOf(writer), { to: count - 1 })) {
            await by.log.ingest(entry.header.space, [entry])
          }

          await by.account.closeDevices([writer.device])
        }

        await atOnce(3, async ([a, , c]) => hold(a, c, mine), async ([, b, c]) => hold(b, c, theirs), async ([a, , c], order) => {
          const last = Math.max(mine, theirs) - 1
          const [cut] = last < 0 ? [null] : await c.log.ids(chainOf(c), [last])

          expect(deviceStatus((await a.record()).record, c.device), `${order}, ${mine} and ${theirs} held`).to.deep.equal({ status: 'closed', cut })
        }, async ([, , c]) => {
          await c.account.append(payloadOf('one'))
          await c.account.append(payloadOf('two'))
        })
      }
    })

    it('[ID39] close each other: both are closed', async function () {
      this.timeout(60_000)

      await atOnce(2, async ([a, b]) => a.account.closeDevices([b.device]), async ([a, b]) => b.account.closeDevices([a.device]), async (all, order) => {
        expect(await statuses(all[0], all), order).to.deep.equal(['closed', 'closed'])
      })
    })
  })
})
