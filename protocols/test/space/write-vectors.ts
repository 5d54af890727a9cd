/** Writes specs/vectors/space.json: `node protocols/test/space/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { toHex } from '../../src/ids.ts'
import { epochId, openEpoch, openPayload, sealPayload } from '../../src/space/index.ts'
import { errorName, toJson } from '../wall/to-json.ts'
import { HEADER, KEY } from './sealed-header.ts'
import type { SealedHeader } from '../../src/space/index.ts'

const epoch = await openEpoch(KEY)
const payload = new TextEncoder().encode('canary')
const sealed = await sealPayload(epoch, HEADER, payload, { bytes: length => new Uint8Array(length).fill(9) })
const first: SealedHeader = { ...HEADER, seq: 0, prev: null }
const changed = Uint8Array.from(sealed)

changed[12] ^= 1

const invalid: Array<[string, SealedHeader, Uint8Array]> = [
  ['another sequence number', { ...HEADER, seq: 7 }, sealed],
  ['another time', { ...HEADER, time: 9 }, sealed],
  ['another epoch', { ...HEADER, epoch: new Uint8Array(16) }, sealed],
  ['a changed byte', HEADER, changed],
  ['too short', HEADER, sealed.slice(0, 27)]
]

writeFileSync(new URL('../../specs/vectors/space.json', import.meta.url), `${JSON.stringify({
  epoch: { key: toHex(KEY), id: toHex(epochId(KEY)) },
  valid: [
    { title: 'in the middle of a chain', header: toJson(HEADER), payload: toHex(payload), sealed: toHex(sealed) },
    {
      title: 'the first of a chain, and empty',
      header: toJson(first),
      payload: '',
      sealed: toHex(await sealPayload(epoch, first, new Uint8Array(), { bytes: length => new Uint8Array(length).fill(8) }))
    }
  ],
  invalid: await Promise.all(invalid.map(async ([title, header, bytes]) => ({
    title, header: toJson(header), sealed: toHex(bytes), error: await errorName(async () => openPayload(epoch, header, bytes))
  })))
}, null, 2)}\n`)
