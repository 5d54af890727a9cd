import { expect } from 'aegir/chai'
import { createSafeKey, memoryDisk, memoryStore } from '../../../src/storage/index.ts'
import { SLOT_COUNT } from '../../../src/storage/sealed/constants.ts'
import { changeKeySlots, createKeySlots, eraseKeySlots, eraseRecords, hasKeySlots, openKeySlots, openSealedStore } from '../../../src/storage/sealed/index.ts'
import { encodeKeyHeader, readKeyHeader } from '../../../src/storage/sealed/key-header.ts'
import { all } from './make-sealed.ts'
import type { Store } from '../../../src/interface.ts'
import type { SealedStore, SlotSecret } from '../../../src/storage/sealed/index.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const words = (passphrase: string): SlotSecret => ({ kind: 'passphrase', passphrase })
/** The least that is allowed: a test is not to wait for what keeps thieves waiting */
const cost = { memory: 1024, iterations: 1, parallelism: 1 }
const OLD = words('correct horse')
const NEW = words('battery staple')

async function openWith (store: Store, secret: SlotSecret): Promise<SealedStore> {
  return openSealedStore({ store, keys: (await openKeySlots({ store, secret })).keys })
}

async function errorOf (promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'none', (err: Error) => err.name)
}

describe('key slots', () => {
  let secrets: Record<'passphrase' | 'passkey' | 'recovery' | 'device', SlotSecret>

  before(async () => {
    secrets = {
      passphrase: OLD,
      passkey: { kind: 'passkey', secret: crypto.getRandomValues(new Uint8Array(32)) },
      recovery: { kind: 'recovery', entropy: crypto.getRandomValues(new Uint8Array(16)) },
      device: { kind: 'device', key: await createSafeKey() }
    }
  })

  it('[ST82] each kind opens the same store, [ST83] in whatever slot it is', async () => {
    for (const first of Object.values(secrets)) {
      const store = memoryStore()
      await createKeySlots({ store, secret: first, cost })
      const sealed = await openWith(store, first)
      await sealed.put(bytes(1), bytes(2))
      await sealed.close()

      for (const added of Object.values(secrets)) {
        if (added !== first) {
          await changeKeySlots({ store, secret: first, changes: { add: added } })
        }
      }

      for (const secret of Object.values(secrets)) {
        expect(await (await openWith(store, secret)).get(bytes(1))).to.deep.equal(bytes(2))
      }

      const { kinds } = await openKeySlots({ store, secret: first })
      expect(kinds.sort()).to.deep.equal(['device', 'passkey', 'passphrase', 'recovery'])
    }
  })

  it('[ST82] what is made without saying at what cost has that of a backup', async function () {
    this.timeout(20_000)

    const store = memoryStore()
    await createKeySlots({ store, secret: OLD })

    expect((await readKeyHeader(store)).cost).to.deep.equal({ memory: 64 * 1024, iterations: 3, parallelism: 1 })
    await openKeySlots({ store, secret: OLD })
  })

  it('[ST83] another key opens nothing, and is told what it is', async () => {
    const store = memoryStore()
    await createKeySlots({ store, secret: OLD, cost })

    await expect(openKeySlots({ store, secret: NEW })).to.eventually.be.rejected.with.property('name', 'WrongPassphraseError')
    await expect(openKeySlots({ store, secret: secrets.passkey })).to.eventually.be.rejected.with.property('name', 'NoSuchSlotError')
    await expect(openKeySlots({ store, secret: secrets.device })).to.eventually.be.rejected.with.property('name', 'NoSuchSlotError')
    await expect(openKeySlots({ store, secret: { kind: 'recovery', entropy: new Uint8Array(15) } })).to.eventually.be.rejected.with.property('name', 'MalformedError')
    await expect(openKeySlots({ store, secret: words('') })).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })

  it('[ST81] always has as many slots, all of one length, and leaves those alone that it does not change', async () => {
    const store = memoryStore()
    await createKeySlots({ store, secret: secrets.device, cost })
    const before = await readKeyHeader(store)
    await changeKeySlots({ store, secret: secrets.device, changes: { add: OLD } })
    const after = await readKeyHeader(store)

    expect(encodeKeyHeader(after)).to.have.lengthOf(encodeKeyHeader(before).length)
    expect(after.slots).to.have.lengthOf(SLOT_COUNT)
    expect(after.slots.filter((slot, i) => slot.some((byte, at) => byte !== before.slots[i][at]))).to.have.lengthOf(1)
  })

  it('[ST84] a changed passphrase opens, the old one does not; what was written stays', async () => {
    const store = memoryStore()
    await createKeySlots({ store, secret: OLD, cost })
    await (await openWith(store, OLD)).put(bytes(1), bytes(2))
    expect(await changeKeySlots({ store, secret: OLD, changes: { add: NEW, remove: ['passphrase'] } })).to.deep.equal(['passphrase'])

    expect(await (await openWith(store, NEW)).get(bytes(1))).to.deep.equal(bytes(2))
    await expect(openKeySlots({ store, secret: OLD })).to.eventually.be.rejected.with.property('name', 'WrongPassphraseError')
  })

  it('[ST84] refuses to remove the last slot, to add one twice, and one past the most', async () => {
    const store = memoryStore()
    await createKeySlots({ store, secret: secrets.device, cost })

    await expect(changeKeySlots({ store, secret: secrets.device, changes: { remove: ['device'] } })).to.eventually.be.rejected.with.property('name', 'LastSlotError')
    await expect(changeKeySlots({ store, secret: secrets.device, changes: { remove: ['device'], addDuress: { passphrase: 'x' } } }))
      .to.eventually.be.rejected.with.property('name', 'LastSlotError')
    await expect(changeKeySlots({ store, secret: secrets.device, changes: { add: secrets.device } })).to.eventually.be.rejected.with.property('name', 'SlotTakenError')
    await expect(createKeySlots({ store, secret: OLD, cost })).to.eventually.be.rejected.with.property('name', 'SlotTakenError')

    for (let i = 1; i < SLOT_COUNT; i++) {
      await changeKeySlots({ store, secret: secrets.device, changes: { add: { kind: 'passkey', secret: new Uint8Array(32).fill(i) } } })
    }

    await expect(changeKeySlots({ store, secret: secrets.device, changes: { add: OLD } })).to.eventually.be.rejected.with.property('name', 'SlotTakenError')
    await openKeySlots({ store, secret: { kind: 'passkey', secret: new Uint8Array(32).fill(SLOT_COUNT - 1) } })
  })

  it('[ST84] killed before or after any write, the old passphrase opens or the new one', async () => {
    const changes = { add: NEW, remove: ['passphrase' as const], addDuress: { passphrase: 'empty' } }
    let opened = ''

    for (let writes = 0; !opened.endsWith('new'); writes++) {
      const disk = memoryDisk()
      await createKeySlots({ store: disk.open(), secret: OLD, cost })
      const below = disk.open()
      let left = writes
      const killed: Store = {
        ...below,
        get: async key => below.get(key),
        getMany: async keys => below.getMany(keys),
        put: async (key, value, options) => killed.batch([{ type: 'put', key, value }], options),
        async batch (ops, options) {
          if (left-- <= 0) {
            throw new Error('killed')
          }

          await below.batch(ops, options)
        }
      }

      await changeKeySlots({ store: killed, secret: OLD, changes }).catch((err: Error) => { expect(err.message).to.equal('killed') })
      disk.powerCut()

      const store = disk.open()
      const opens = [await errorOf(openWith(store, OLD)), await errorOf(openWith(store, NEW))]
      expect(opens).to.be.deep.oneOf([['none', 'WrongPassphraseError'], ['WrongPassphraseError', 'none']])
      opened += opens[0] === 'none' ? ' old' : ' new'
    }

    // the attempt, what opening writes, the decoy, the header
    expect(opened).to.equal(' old old old old new')
  })

  it('[ST85] the duress passphrase opens an empty store, and from then on nothing else opens anything', async () => {
    const store = memoryStore()
    let forgotten = 0
    const forget = async (): Promise<void> => { forgotten++ }
    await createKeySlots({ store, secret: OLD, cost })
    const kinds = await changeKeySlots({ store, secret: OLD, changes: { add: secrets.device, addDuress: { passphrase: 'empty' } } })
    expect(kinds.sort()).to.deep.equal(['device', 'duress', 'passphrase'])
    await (await openWith(store, OLD)).put(bytes(1), bytes(2))
    // an ordinary opening leaves it in its place
    expect((await openKeySlots({ store, secret: OLD })).kinds.sort()).to.deep.equal(['device', 'duress', 'passphrase'])

    const before = await readKeyHeader(store)
    const opened = await openKeySlots({ store, secret: words('empty'), forget })
    expect(opened).to.deep.include({ kinds: ['passphrase'], isTakeOver: true })
    expect(forgotten).to.equal(1)

    const sealed = await openSealedStore({ store, keys: opened.keys })
    expect(await all(sealed)).to.deep.equal([])
    await sealed.put(bytes(3), bytes(4))

    for (const secret of [OLD, secrets.device]) {
      expect(await errorOf(openKeySlots({ store, secret }))).to.be.oneOf(['WrongPassphraseError', 'NoSuchSlotError'])
    }

    // again, it is an ordinary passphrase
    const again = await openKeySlots({ store, secret: words('empty') })
    expect(again).to.deep.include({ kinds: ['passphrase'], isTakeOver: false })

    await sealed.sweep()
    expect(await (await openWith(store, words('empty'))).get(bytes(3))).to.deep.equal(bytes(4))
    expect((await readKeyHeader(store)).slots.filter((slot, i) => slot.every((byte, at) => byte === before.slots[i][at]))).to.deep.equal([])
  })

  it('[ST86] five wrong passphrases are free, then even the right one waits; starting anew does not help', async () => {
    const disk = memoryDisk()
    let now = 1_800_000_000_000
    const clock = { now: () => now }
    await createKeySlots({ store: disk.open(), secret: OLD, cost })

    for (let i = 0; i < 5; i++) {
      expect(await errorOf(openKeySlots({ store: disk.open(), secret: NEW, clock }))).to.equal('WrongPassphraseError')
      disk.powerCut()
    }

    await expect(openKeySlots({ store: disk.open(), secret: OLD, clock })).to.eventually.be.rejectedWith(/15 seconds/).with.property('wait', 15_000)
    now += 15_000
    expect(await errorOf(openKeySlots({ store: disk.open(), secret: NEW, clock }))).to.equal('WrongPassphraseError')
    now += 15_000
    await expect(openKeySlots({ store: disk.open(), secret: OLD, clock })).to.eventually.be.rejected.with.property('name', 'TooManyAttemptsError')
    // what is no passphrase does not wait
    expect(await errorOf(openKeySlots({ store: disk.open(), secret: secrets.device, clock }))).to.equal('NoSuchSlotError')

    now += 15_000
    await openKeySlots({ store: disk.open(), secret: OLD, clock })
    expect(await errorOf(openKeySlots({ store: disk.open(), secret: NEW, clock }))).to.equal('WrongPassphraseError')
    await openKeySlots({ store: disk.open(), secret: OLD, clock })
  })

  it('[ST87] erased, nothing opens, and then nothing is there', async () => {
    const disk = memoryDisk()
    const store = disk.open()
    await createKeySlots({ store, secret: OLD, cost })
    await (await openWith(store, OLD)).put(bytes(1), bytes(2))
    const forgotten: number[] = []
    const forget = async (): Promise<void> => { forgotten.push((await all(store)).length) }
    await eraseKeySlots({ store, forget })
    disk.powerCut()

    const again = disk.open()
    await expect(openKeySlots({ store: again, secret: OLD })).to.eventually.be.rejected.with.property('name', 'NoKeySlotsError')
    expect(await hasKeySlots(again)).to.equal(false)
    expect(forgotten).to.have.lengthOf(1)

    await eraseRecords(again)
    expect(await all(again)).to.deep.equal([])
  })

  it('[ST88] one damaged copy of the header does no harm, two are named', async () => {
    const store = memoryStore()
    await createKeySlots({ store, secret: OLD, cost })
    const [first, second] = [bytes(0), bytes(1)]
    const intact = await store.get(first) ?? bytes()

    for (let at = 0; at < intact.length; at += 16) {
      const damaged = intact.slice()
      damaged[at] ^= 1 << at % 8

      await store.put(first, damaged)
      await readKeyHeader(store)
      await store.put(second, damaged.slice(0, at))
      await expect(readKeyHeader(store)).to.eventually.be.rejected.with.property('name').that.is.oneOf(['StoreDamagedError', 'SchemaNewerError'])
      await store.put(second, intact)
    }

    await store.put(first, bytes())
    expect((await openKeySlots({ store, secret: OLD })).kinds).to.deep.equal(['passphrase'])
  })

  it('[ST88] a header of a later version is not opened', async () => {
    const store = memoryStore()
    await createKeySlots({ store, secret: OLD, cost })
    const later = await store.get(bytes(0)) ?? bytes()
    // the number after the text of the beginning
    later[8] = 2
    await store.batch([{ type: 'put', key: bytes(0), value: later }, { type: 'put', key: bytes(1), value: later }])

    await expect(openKeySlots({ store, secret: OLD })).to.eventually.be.rejectedWith(/update/).with.property('name', 'SchemaNewerError')
  })
})
