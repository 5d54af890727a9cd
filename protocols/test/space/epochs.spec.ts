import { expect } from 'aegir/chai'
import { signerFromSeed } from '../../src/identity/index.ts'
import { deviceId, toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { signEntry } from '../../src/log/entry.ts'
import { createEpochs, epochId, MAX_AWAITED_EPOCHS, MAX_BUNDLES_PER_DEVICE, openEpoch, sealBundle, sealPayload } from '../../src/space/index.ts'
import { recipient } from './recipients.ts'
import { HEADER } from './sealed-header.ts'
import type { Signer } from '../../src/identity/index.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { EpochChoice } from '../../src/space/index.ts'

const { v, epoch, ...unsealedPlace } = HEADER
const anna = recipient('anna')
const eve = recipient('eve')
const key = (n: number): Uint8Array => new Uint8Array(32).fill(n)

describe('epochs of a space', () => {
  let signer: Signer
  const everybody: EpochChoice = { recipients: [anna.publicKey], counts: () => true }

  before(async () => {
    signer = await signerFromSeed(key(77))
  })

  async function bundle (keyOf: number, number: number, init: { seq?: number, to?: Uint8Array[] } = {}): Promise<Entry> {
    const [block] = await sealBundle({ space: HEADER.space, key: key(keyOf), number, recipients: init.to ?? [anna.publicKey], random: systemRandom })

    return signEntry(signer, { ...unsealedPlace, seq: init.seq ?? keyOf }, block)
  }

  async function sealed (keyOf: number, text: string): Promise<Entry> {
    const header = { ...HEADER, device: deviceId(signer.publicKey), epoch: epochId(key(keyOf)) }

    return signEntry(signer, header, await sealPayload(await openEpoch(key(keyOf)), header, new TextEncoder().encode(text), systemRandom))
  }

  it('[SP22] an entry that came first waits for its key', async () => {
    const epochs = createEpochs(HEADER.space, [anna.secret])
    const entry = await sealed(1, 'hello')

    expect(await epochs.open(entry)).to.equal(undefined)
    expect(await epochs.add(await bundle(2, 1))).to.equal(false)
    expect(await epochs.add(await bundle(1, 1))).to.equal(true)
    expect(new TextDecoder().decode(await epochs.open(entry))).to.equal('hello')
    expect(await epochs.add(await bundle(1, 1, { seq: 50 }))).to.equal(false)
  })

  it('[SP20] a key may be told in any way', async () => {
    const epochs = createEpochs(HEADER.space, [])
    const entry = await sealed(1, 'hello')

    expect(await epochs.open(entry)).to.equal(undefined)
    expect(await epochs.learn(key(1))).to.equal(true)
    expect(await epochs.learn(key(1))).to.equal(false)
    expect(await epochs.open(entry)).to.not.equal(undefined)
    expect(epochs.known().map(known => toHex(known.key))).to.deep.equal([toHex(key(1))])
    await expect(epochs.learn(new Uint8Array(31))).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })

  it('[SP21] writes under the highest number, then the lowest id', async () => {
    const made = [await bundle(1, 1), await bundle(2, 2), await bundle(3, 2), await bundle(4, 2)]
    const lowest = [2, 3, 4].map(n => toHex(epochId(key(n)))).sort()[0]

    for (const order of [made, [...made].reverse(), [made[2], made[0], made[3], made[1]]]) {
      const epochs = createEpochs(HEADER.space, [anna.secret])

      for (const entry of order) {
        await epochs.add(entry)
      }

      expect(toHex(epochs.current(everybody)?.id ?? new Uint8Array())).to.equal(lowest)
      expect(epochs.fit(everybody)).to.have.lengthOf(4)
      expect(epochs.highest(everybody.counts)).to.equal(2)
      expect(epochs.of(epochId(key(1)))).to.not.equal(undefined)
    }
  })

  it('[SP21] not under one that was sealed to others, nor under one that does not count', async () => {
    const epochs = createEpochs(HEADER.space, [anna.secret])

    await epochs.add(await bundle(1, 1))
    await epochs.add(await bundle(2, 9, { to: [anna.publicKey, eve.publicKey] }))
    await epochs.add(await bundle(3, 8, { to: [eve.publicKey] }))

    expect(epochs.current(everybody)?.id).to.deep.equal(epochId(key(1)))
    expect(epochs.highest(everybody.counts)).to.equal(9)
    expect(epochs.current({ ...everybody, counts: (device, seq) => seq !== 1 })).to.equal(undefined)
    expect(epochs.highest((device, seq) => seq === 1)).to.equal(1)
  })

  it('[SP24] what is no bundle, or holds a wrong key, disturbs nothing', async () => {
    const epochs = createEpochs(HEADER.space, [anna.secret])
    const good = await bundle(1, 1)
    const { payload, ...without } = good

    for (const bytes of [new Uint8Array(), Uint8Array.of(0xa0), new Uint8Array(30_000)]) {
      expect(await epochs.add(await signEntry(signer, unsealedPlace, bytes))).to.equal(false)
    }

    expect(await epochs.add(without)).to.equal(false)
    expect(await epochs.add(await sealed(1, 'x'))).to.equal(false)
    expect(epochs.highest(everybody.counts)).to.equal(0)
    await epochs.add(good)
    expect(epochs.current(everybody)).to.not.equal(undefined)
  })

  it('[SP9] a payload that was changed is refused by name', async () => {
    const epochs = createEpochs(HEADER.space, [])
    const entry = await sealed(1, 'hello')

    await epochs.learn(key(1))
    await expect(epochs.open({ ...entry, payload: entry.payload?.map(byte => byte ^ 1) ?? key(0) })).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
  })

  it('[SP23] takes note of so many blocks of one device and no more', async function () {
    this.timeout(120_000)

    const epochs = createEpochs(HEADER.space, [])
    const block = (await bundle(1, 1)).payload ?? new Uint8Array()
    const base = await signEntry(signer, unsealedPlace, block)

    for (let seq = 0; seq < MAX_BUNDLES_PER_DEVICE; seq++) {
      await epochs.add({ ...base, header: { ...base.header, seq } })
    }

    const over = await bundle(2, 7, { seq: MAX_BUNDLES_PER_DEVICE })

    await epochs.add(over)
    expect(epochs.highest(everybody.counts)).to.equal(1)
    await epochs.add({ ...over, header: { ...over.header, device: deviceId(key(5)) } })
    expect(epochs.highest(everybody.counts)).to.equal(7)
  })

  it('[SP22] of more awaited epochs than are remembered none is forgotten', async () => {
    const epochs = createEpochs(HEADER.space, [])
    const entry = await sealed(1, 'x')

    for (let i = 0; i <= MAX_AWAITED_EPOCHS; i++) {
      await epochs.open({ ...entry, header: { ...entry.header, epoch: Uint8Array.of(i & 255, i >> 8, ...new Uint8Array(14)) } })
    }

    expect(await epochs.open(entry)).to.equal(undefined)
    expect(await epochs.learn(key(1))).to.equal(true)
  })
})
