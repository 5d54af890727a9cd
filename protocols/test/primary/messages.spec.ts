import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { deviceId, fromHex, toHex } from '../../src/ids.ts'
import { decodeBeat, signBeat, verifyBeat } from '../../src/primary/beat.ts'
import { MAX_BEAT_BYTES, MAX_HEARD } from '../../src/primary/constants.ts'
import { rankDevices } from '../../src/primary/index.ts'
import { cases } from '../cases.ts'
import { readVectors } from '../vectors.ts'
import { device, IDENTITY } from './world.ts'
import type { Beat, HeardBoot } from '../../src/primary/beat.ts'
import type { DeviceOrder, OwnRecord } from '../../src/primary/index.ts'

interface Vectors {
  valid: Array<{ title: string, bytes: string, beat: Beat }>
  invalid: Array<{ title: string, bytes: string, error: string }>
  rankings: Array<{ title: string, record: OwnRecord, chosen?: DeviceOrder, ranked: string[] }>
}

async function errorOf (work: () => unknown): Promise<string | undefined> {
  try {
    await work()
  } catch (err) {
    return (err as Error).name
  }
}

async function read (bytes: Uint8Array): Promise<Beat> {
  const signed = decodeBeat(bytes)

  await verifyBeat(signed)

  return signed.beat
}

function heardOf (count: number): HeardBoot[] {
  return Array.from({ length: count }, (_, i) => ({ device: device(i >> 1), boot: i.toString(16).padStart(32, '0'), count: 2 ** 48 - 1, linked: true }))
}

describe('primary: what goes over the wire', () => {
  it('[PR1] [PR2] the vectors are read as they say', async () => {
    const { valid, invalid } = await readVectors<Vectors>('primary')

    for (const { title, bytes, beat } of valid) {
      expect(await read(fromHex(bytes)), title).to.deep.equal(beat)
    }

    for (const { title, bytes, error } of invalid) {
      expect(await errorOf(async () => read(fromHex(bytes))), title).to.equal(error)
    }

    expect([valid.length, invalid.length].every(length => length > 2)).to.equal(true)
  })

  it('[PR20] the vectors are ranked as they say', async () => {
    const { rankings } = await readVectors<Vectors>('primary')

    for (const { title, record, chosen, ranked } of rankings) {
      expect(rankDevices(record, chosen), title).to.deep.equal(ranked)
    }

    expect(rankings.length).to.be.above(2)
  })

  it('[PR20] every open device is ranked once, whatever the order names', () => {
    const some = fc.array(fc.nat(9).map(device), { maxLength: 20 })

    fc.assert(fc.property(fc.uniqueArray(fc.nat(6), { minLength: 1 }), some, fc.option(fc.nat(9).map(device), { nil: undefined }), (open, order, fixed) => {
      const devices = open.map(i => ({ device: device(i), role: i % 2 === 0 ? 'home' as const : 'client' as const }))
      const ranked = rankDevices({ seq: 0, devices }, { order, fixed })

      expect([...ranked].sort()).to.deep.equal(devices.map(({ device }) => device).sort())
      expect(ranked[0]).to.equal(fixed != null && ranked.includes(fixed) ? fixed : ranked[0])
    }))
  })

  it('[PR2] names at most 62 boots, and these fit into a frame', async () => {
    const signer = await signerFromSeed(new Uint8Array(32).fill(1))
    const beat: Beat = { identity: IDENTITY, device: deviceId(signer.publicKey), rec: 2 ** 48 - 1, boot: 'f'.repeat(32), count: 2 ** 48 - 1, state: 'leaves', heard: heardOf(MAX_HEARD) }
    const bytes = await signBeat(signer, beat)

    expect(bytes.length).to.be.below(MAX_BEAT_BYTES)
    expect(await read(bytes)).to.deep.equal(beat)

    const tooMany = await signBeat(signer, { ...beat, heard: heardOf(MAX_HEARD + 1) })

    expect(await errorOf(() => decodeBeat(tooMany))).to.equal('LimitExceededError')
  })

  it('[PR1] a frame has at most 8,192 bytes', async () => {
    const longest = encode([new Uint8Array(MAX_BEAT_BYTES - 70), new Uint8Array(64)])

    expect(longest.length).to.equal(MAX_BEAT_BYTES)
    expect(await errorOf(() => decodeBeat(longest))).to.equal('MalformedError')
    expect(await errorOf(() => decodeBeat(encode([new Uint8Array(MAX_BEAT_BYTES - 69), new Uint8Array(64)])))).to.equal('LimitExceededError')
  })

  it('[PR1] whatever the bytes are, there is a beat or a named error, and what is changed is not verified', async () => {
    const signer = await signerFromSeed(new Uint8Array(32).fill(1))
    const good = await signBeat(signer, { identity: IDENTITY, device: deviceId(signer.publicKey), rec: 0, boot: 'a'.repeat(32), count: 1, state: 'acts', heard: heardOf(2) })
    const named = ['MalformedError', 'MalformedIdError', 'LimitExceededError', 'UnknownVersionError', 'InvalidSignatureError']

    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      try {
        decodeBeat(bytes)
      } catch (err) {
        expect((err as Error).name).to.be.oneOf(named)
      }
    }), { numRuns: cases })

    await fc.assert(fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Uint8Array.from(good, (byte, i) => i === at ? byte ^ flip : byte)

      expect(await errorOf(async () => read(changed))).to.be.oneOf(named)
    }), { numRuns: Math.min(cases, 500) })
  })

  it('[PR2] ids and boots are bytes on the wire', async () => {
    const { valid: [{ bytes, beat }] } = await readVectors<Vectors>('primary')

    for (const id of [beat.identity, beat.device, beat.boot]) {
      expect(toHex(decodeBeat(fromHex(bytes)).body)).to.include(id)
    }
  })
})
