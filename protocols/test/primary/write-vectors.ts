/** Writes specs/vectors/primary.json: `node protocols/test/primary/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { withDomain } from '../../src/hash.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { deviceId, toHex } from '../../src/ids.ts'
import { decodeBeat, signBeat, verifyBeat } from '../../src/primary/beat.ts'
import { rankDevices } from '../../src/primary/index.ts'
import { errorName } from '../wall/to-json.ts'
import { device, IDENTITY, recordOf } from './world.ts'
import type { Beat } from '../../src/primary/beat.ts'
import type { DeviceOrder } from '../../src/primary/index.ts'

const signer = await signerFromSeed(new Uint8Array(32).fill(21))
const stranger = await signerFromSeed(new Uint8Array(32).fill(22))
const first: Beat = { identity: IDENTITY, device: deviceId(signer.publicKey), rec: 0, boot: '0b'.repeat(16), count: 0, state: 'here', heard: [] }
const later: Beat = {
  ...first,
  rec: 3,
  count: 300,
  state: 'acts',
  heard: [
    { device: device(1), boot: '0c'.repeat(16), count: 17, linked: true },
    { device: device(1), boot: '0d'.repeat(16), count: 0, linked: true },
    { device: device(2), boot: '0c'.repeat(16), count: 70_000, linked: false }
  ]
}

/** A beat with some fields changed, rightly signed */
async function changed (changes: Record<string, unknown>): Promise<Uint8Array> {
  const fields = decodeCanonical(decodeBeat(await signBeat(signer, later)).body, { maxBytes: 1_000 }) as Record<string, unknown>
  const body = encode({ ...fields, ...changes })

  return encode([body, await signer.sign(withDomain('pergola/beat/1', body))])
}

const heard = [new Uint8Array(32), new Uint8Array(16), 1, true]
const valid: Array<[string, Beat]> = [
  ['the first one of a boot', first],
  ['of the primary, which heard two devices and three boots', later],
  ['ready', { ...first, state: 'ready', count: 1 }],
  ['a farewell', { ...first, state: 'leaves', count: 2 ** 48 - 1 }]
]
const invalid: Array<[string, Uint8Array]> = [
  ['another state', await changed({ state: 'sleeps' })],
  ['a boot of 15 bytes', await changed({ boot: new Uint8Array(15) })],
  ['a count of 2^48', await changed({ count: 2 ** 48 })],
  ['one more field', await changed({ time: 1 })],
  ['a boot named twice', await changed({ heard: [heard, heard] })],
  ['what was heard without whether it is linked', await changed({ heard: [heard.slice(0, 3)] })],
  ['63 boots', await changed({ heard: Array.from({ length: 63 }, (_, i) => [new Uint8Array(32), new Uint8Array(16).fill(i), 1, true]) })],
  ['version 2', await changed({ v: 2 })],
  ['signed by another device', await signBeat(stranger, first)],
  ['a signature of 63 bytes', encode([decodeBeat(await signBeat(signer, first)).body, new Uint8Array(63)])],
  ['without a signature', encode([decodeBeat(await signBeat(signer, first)).body])]
]
const record = recordOf(4, { homes: [2] })
const rankings: Array<[string, DeviceOrder | undefined]> = [
  ['no order: home nodes, then as in the record', undefined],
  ['those that are named, then the others', { order: [device(3), device(1)] }],
  ['the fixed one in front', { order: [device(3)], fixed: device(1) }],
  ['who is not open, or named twice', { order: [device(9), device(1), device(1)], fixed: device(8) }]
]

writeFileSync(new URL('../../specs/vectors/primary.json', import.meta.url), `${JSON.stringify({
  valid: await Promise.all(valid.map(async ([title, beat]) => ({ title, bytes: toHex(await signBeat(signer, beat)), beat }))),
  invalid: await Promise.all(invalid.map(async ([title, bytes]) => ({ title, bytes: toHex(bytes), error: await errorName(async () => verifyBeat(decodeBeat(bytes))) }))),
  rankings: rankings.map(([title, chosen]) => ({ title, record, chosen, ranked: rankDevices(record, chosen) }))
}, null, 2)}\n`)
