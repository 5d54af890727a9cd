import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { spaceId, toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/limits.ts'
import { decodeBundle, epochId, MAX_EPOCH_NUMBER, MAX_RECIPIENTS, openBundle, sealBundle } from '../../src/space/index.ts'
import { makeSlots } from '../../src/space/slots.ts'
import { FUZZ_CASES, hostileBytes, survives } from '../log/fuzz.ts'
import { countingRandom } from '../wall/make-entries.ts'
import { recipient, recipients } from './recipients.ts'
import { HEADER, KEY } from './sealed-header.ts'
import type { Bundle } from '../../src/space/index.ts'

const SLOT = 96
const P = 2n ** 255n - 19n
const { space } = HEADER
const [anna, ben, eve] = [recipient('anna'), recipient('ben'), recipient('eve')]

async function seal (count: number): Promise<Bundle[]> {
  return (await sealBundle({ space, key: KEY, number: 3, recipients: recipients(count).map(({ publicKey }) => publicKey), random: systemRandom })).map(decodeBundle)
}

async function toAnnaAndBen (): Promise<Uint8Array> {
  return (await sealBundle({ space, key: KEY, number: 3, recipients: [anna.publicKey, ben.publicKey], random: countingRandom() }))[0]
}

function slotsOf ({ slots }: Bundle): Uint8Array[] {
  return Array.from({ length: slots.length / SLOT }, (_, i) => slots.subarray(i * SLOT, (i + 1) * SLOT))
}

/** Changes fields of a block without looking whether it still is one */
function altered (block: Uint8Array, change: Record<string, unknown>): Uint8Array {
  return encode({ ...decodeCanonical(block, { maxBytes: MAX_PAYLOAD_BYTES }) as object, ...change })
}

function power (base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base % P]

  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    result = (rest & 1n) === 1n ? result * square % P : result
    square = square * square % P
  }

  return result
}

/** Whether bytes are the u of a point of Curve25519 itself and not of its twist, as every public key is */
function isOnCurve (bytes: Uint8Array): boolean {
  const u = BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`)

  return u < P && power(u * u % P * u + 486_662n * u * u + u, (P - 1n) / 2n) === 1n
}

describe('key bundles', () => {
  it('[SP11] each recipient comes by the key, and nobody else', async () => {
    const bundle = decodeBundle(await toAnnaAndBen())

    for (const { secret } of [anna, ben]) {
      expect(await openBundle(space, bundle, [secret])).to.deep.equal(KEY)
    }

    expect(await openBundle(space, bundle, [eve.secret, ben.secret])).to.deep.equal(KEY)
    expect(await openBundle(space, bundle, [eve.secret])).to.equal(undefined)
  })

  it('[SP11] what is not sealed tells neither the key nor the recipients', async () => {
    const hex = toHex(await toAnnaAndBen())

    for (const hidden of [KEY, anna.publicKey, ben.publicKey, anna.secret]) {
      expect(hex).to.not.include(toHex(hidden))
    }
  })

  it('[SP12] has all its fields and no other', async () => {
    const block = await toAnnaAndBen()
    const bundle = decodeBundle(block)

    expect(bundle.epoch).to.deep.equal(epochId(KEY))
    expect(bundle.number).to.equal(3)
    expect(decodeBundle(altered(block, { number: MAX_EPOCH_NUMBER })).number).to.equal(MAX_EPOCH_NUMBER)

    const spoilt: Array<Record<string, unknown>> = [
      { kind: 'set' }, { number: 0 }, { number: MAX_EPOCH_NUMBER + 1 }, { number: 'x' }, { epoch: new Uint8Array(15) }, { from: new Uint8Array(31) },
      { members: new Uint8Array(17) }, { slots: null }, { more: 1 }
    ]

    for (const change of spoilt) {
      expect(() => decodeBundle(altered(block, change)), JSON.stringify(change)).to.throw().with.property('name', 'MalformedError')
    }
  })

  it('[SP13] slots are a power of two, and ascend', async () => {
    const block = await toAnnaAndBen()
    const slots = slotsOf(decodeBundle(block))
    const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap(part => [...part]))

    expect(slots).to.have.lengthOf(8)

    for (const wrong of [slots.slice(0, 4), slots.slice(0, 7), [...slots, slots[7].map(byte => byte ^ 255)], [slots[1], slots[0], ...slots.slice(2)], [slots[0], ...slots.slice(0, 7)]]) {
      expect(() => decodeBundle(altered(block, { slots: joined(...wrong) }))).to.throw().with.property('name', 'MalformedError')
    }

    expect(() => decodeBundle(altered(block, { slots: joined(...slots, Uint8Array.of(1)) }))).to.throw().with.property('name', 'MalformedError')
    expect(() => decodeBundle(altered(block, { slots: new Uint8Array(257 * SLOT) }))).to.throw().with.property('name', 'LimitExceededError')
    expect(() => decodeBundle(altered(block, { slots: new Uint8Array(MAX_PAYLOAD_BYTES) }))).to.throw().with.property('name', 'LimitExceededError')
  })

  it('[SP14] opens in its own space and under its own epoch only', async () => {
    const bundle = decodeBundle(await toAnnaAndBen())

    expect(await openBundle(spaceId(new Uint8Array(32)), bundle, [anna.secret])).to.equal(undefined)
    expect(await openBundle(space, { ...bundle, epoch: new Uint8Array(16) }, [anna.secret])).to.equal(undefined)
  })

  it('[SP15] every bundle is made with other keys, so that nothing ties two of them', async () => {
    const [first, second] = [(await seal(8))[0], (await seal(8))[0]]
    const tags = (bundle: Bundle): string[] => slotsOf(bundle).map(slot => toHex(slot.subarray(0, 16)))

    expect(first.from).to.not.deep.equal(second.from)
    expect(tags(first).filter(tag => tags(second).includes(tag))).to.deep.equal([])
  })

  it('[SP16] shows the number of recipients to the next power of two', async () => {
    const sizes = async (count: number): Promise<number[]> => (await seal(count)).map(bundle => slotsOf(bundle).length)

    expect(await sizes(0)).to.deep.equal([8])
    expect(await sizes(8)).to.deep.equal([8])
    expect(await sizes(9)).to.deep.equal([16])
    expect(await sizes(256)).to.deep.equal([256])
  })

  it('[SP16] above 256 there are more blocks, each of use without the others', async () => {
    const blocks = await seal(257)
    const opened = await Promise.all(recipients(257).map(async ({ secret }) => Promise.all(blocks.map(async block => openBundle(space, block, [secret])))))

    expect(blocks.map(block => slotsOf(block).length)).to.deep.equal([256, 256])
    expect(opened.every(keys => keys.filter(key => key != null).length === 1)).to.equal(true)
  })

  it('[SP16] one recipient more than allowed is refused, one named twice counts once', async () => {
    const { publicKey } = anna
    const many = Array.from({ length: MAX_RECIPIENTS + 1 }, (_, i) => Uint8Array.of(i & 255, i >> 8, ...new Uint8Array(30)))

    await expect(sealBundle({ space, key: KEY, number: 1, recipients: many, random: systemRandom })).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    await expect(sealBundle({ space, key: KEY, number: 1, recipients: [new Uint8Array(31)], random: systemRandom })).to.eventually.be.rejected.with.property('name', 'MalformedError')
    expect(slotsOf(decodeBundle((await sealBundle({ space, key: KEY, number: 1, recipients: Array.from({ length: 9 }, () => publicKey), random: systemRandom }))[0]))).to.have.lengthOf(8)
  })

  it('[SP16] nobody can tell a slot that is left over from one that opens', async () => {
    const [empty] = await seal(0)
    const [full] = await seal(8)

    for (const slot of [...slotsOf(empty), ...slotsOf(full)]) {
      expect(isOnCurve(slot.subarray(16, 48))).to.equal(true)
    }

    expect(isOnCurve(Uint8Array.of(2, ...new Uint8Array(31)))).to.equal(false)
  })

  it('[SP17] a key with which nothing can be agreed gets no slot, and the others read', async () => {
    const [block] = await sealBundle({ space, key: KEY, number: 1, recipients: [new Uint8Array(32), anna.publicKey], random: systemRandom })

    expect(await openBundle(space, decodeBundle(block), [anna.secret])).to.deep.equal(KEY)
  })

  it('[SP17] a bundle made with such a key opens for nobody', async () => {
    const bundle = decodeBundle(altered(await toAnnaAndBen(), { from: new Uint8Array(32) }))

    expect(await openBundle(space, bundle, [anna.secret])).to.equal(undefined)
  })

  it('[SP18] tells those who have the key to whom it was sealed, in whatever order they are named', async () => {
    const members = async (...keys: Uint8Array[]): Promise<string> => toHex(decodeBundle((await sealBundle({ space, key: KEY, number: 1, recipients: keys, random: systemRandom }))[0]).members)

    expect(await members(anna.publicKey, ben.publicKey)).to.equal(await members(ben.publicKey, anna.publicKey, ben.publicKey))
    expect(await members(anna.publicKey)).to.not.equal(await members(anna.publicKey, ben.publicKey))
  })

  it('[SP19] a wrong key under an id is refused', async () => {
    // what a hostile sealer could make: the slots are bound to the id that they claim
    const other = new Uint8Array(32).fill(9)
    const place = { space, epoch: epochId(KEY) }
    const from = recipient('from')
    const slots = await makeSlots(place, from.secret, [anna.publicKey], other, systemRandom)
    const block = altered(await toAnnaAndBen(), { from: from.publicKey, slots: Uint8Array.from(slots.flatMap(slot => [...slot])) })

    await expect(openBundle(space, decodeBundle(block), [anna.secret])).to.eventually.be.rejected.with.property('name', 'WrongEpochError')
  })

  it('[SP19] a slot that was changed does not open, and the others do', async () => {
    const bundle = decodeBundle(await toAnnaAndBen())

    for (const at of [0, 16, 48, 95]) {
      const opened: boolean[][] = []

      for (let slot = 0; slot < 8; slot++) {
        const slots = bundle.slots.slice()

        slots[slot * SLOT + at] ^= 1
        opened.push(await Promise.all([anna, ben].map(async ({ secret }) => await openBundle(space, { ...bundle, slots }, [secret]) != null)))
      }

      expect(opened.filter(([forAnna]) => !forAnna)).to.deep.equal([[false, true]])
      expect(opened.filter(([, forBen]) => !forBen)).to.deep.equal([[true, false]])
    }
  })

  it('[SP24] odd bytes give a bundle or a named error', async function () {
    this.timeout(120_000)
    await survives([await toAnnaAndBen()], MAX_PAYLOAD_BYTES, decodeBundle)
  })

  it('[SP24] what decodes opens with the right key, or not at all', async function () {
    this.timeout(120_000)

    const good = await toAnnaAndBen()

    await fc.assert(fc.asyncProperty(hostileBytes([good], MAX_PAYLOAD_BYTES), async bytes => {
      let bundle

      try {
        bundle = decodeBundle(bytes)
      } catch {
        return
      }

      try {
        const key = await openBundle(space, bundle, [anna.secret, ben.secret])

        expect(key == null || toHex(epochId(key)) === toHex(bundle.epoch)).to.equal(true)
      } catch (err) {
        expect((err as Error).name).to.equal('WrongEpochError')
      }
    }), { numRuns: FUZZ_CASES })
  })
})
