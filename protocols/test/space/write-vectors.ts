/** Writes specs/vectors/space.json: `node protocols/test/space/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { toHex } from '../../src/ids.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/limits.ts'
import { decodeBundle, epochId, openBundle, openEpoch, openPayload, sealBundle, sealPayload } from '../../src/space/index.ts'
import { countingRandom } from '../wall/make-entries.ts'
import { errorName, toJson } from '../wall/to-json.ts'
import { recipient } from './recipients.ts'
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

const { space } = HEADER
const [anna, ben, eve] = [recipient('anna'), recipient('ben'), recipient('eve')]
const [block] = await sealBundle({ space, key: KEY, number: 3, recipients: [anna.publicKey, ben.publicKey], random: countingRandom() })
const alter = (change: Record<string, unknown>): Uint8Array => encode({ ...decodeCanonical(block, { maxBytes: MAX_PAYLOAD_BYTES }) as object, ...change })
const { slots } = decodeBundle(block)

const bundles: Array<[string, Uint8Array, Uint8Array[]]> = [
  ['the first recipient', block, [anna.secret]],
  ['the second recipient, by the second of two keys', block, [eve.secret, ben.secret]],
  ['somebody else', block, [eve.secret]],
  ['a sender key of small order', alter({ from: new Uint8Array(32) }), [anna.secret]],
  ['another epoch', alter({ epoch: new Uint8Array(16) }), [anna.secret]],
  ['seven slots', alter({ slots: slots.slice(0, 7 * 96) }), [anna.secret]],
  ['slots that do not ascend', alter({ slots: Uint8Array.of(...slots.slice(96, 192), ...slots.slice(0, 96), ...slots.slice(192)) }), [anna.secret]],
  ['too many slots', alter({ slots: new Uint8Array(257 * 96) }), [anna.secret]],
  ['number 0', alter({ number: 0 }), [anna.secret]],
  ['an unknown field', alter({ more: 1 }), [anna.secret]]
]

async function outcome (bytes: Uint8Array, secrets: Uint8Array[]): Promise<{ key: string | null } | { error: string }> {
  try {
    const key = await openBundle(space, decodeBundle(bytes), secrets)

    return { key: key == null ? null : toHex(key) }
  } catch (err) {
    return { error: (err as Error).name }
  }
}

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
  }))),
  bundles: await Promise.all(bundles.map(async ([title, bytes, secrets]) => ({
    title, space, block: toHex(bytes), secrets: secrets.map(toHex), ...await outcome(bytes, secrets)
  })))
}, null, 2)}\n`)
