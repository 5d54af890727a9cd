/** Writes specs/vectors/wall-payload.json and wall.json: `node protocols/test/wall/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { entryId, toHex } from '../../src/ids.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/limits.ts'
import { encodeEntry } from '../../src/log/entry.ts'
import { createWall, decodePayload, encodePayload } from '../../src/wall/index.ts'
import { countingRandom, createWriter, imageRef, OWNER } from './make-entries.ts'
import { errorName, toJson } from './to-json.ts'
import type { Fields } from '../../src/codec/index.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Payload } from '../../src/wall/index.ts'

const random = countingRandom()
const id = entryId(new Uint8Array(32).fill(5))
const other = entryId(new Uint8Array(32).fill(6))
const relay = { peer: '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8', addrs: ['/dns4/relay.example/tcp/443/tls/ws'], path: 'p', stun: 'relay.example:3478', name: 'Garden' }

const valid: Array<[string, Payload | Uint8Array]> = [
  ['an empty post', { kind: 'post', text: '' }],
  ['a post with everything', { kind: 'post', text: 'Hello 你好', lang: 'zh-Hans', warning: 'spiders', images: [imageRef('a')] }],
  ['an edit', { kind: 'edit', of: id, after: [other], text: 'Hello again' }],
  ['a tombstone', { kind: 'tombstone', of: id }],
  ['a profile', { kind: 'profile', name: 'Ada', bio: 'counts', avatar: imageRef('me'), after: [] }],
  ['a reach', { kind: 'reach', relays: [relay], after: [id] }],
  ['a kind of a later version', encode({ kind: 'dance', salt: new Uint8Array(16), steps: [1, 2] })],
  ['a post with a field of a later version', encode({ kind: 'post', salt: new Uint8Array(16), text: 'x', mood: 'blue' })]
]

function changed (payload: Payload, change: (fields: Fields) => void): Uint8Array {
  const fields = decodeCanonical(encodePayload(payload, random), { maxBytes: MAX_PAYLOAD_BYTES }) as Fields

  change(fields)

  return encode(fields)
}

const post: Payload = { kind: 'post', text: 'x' }
const plain = encodePayload(post, random)
const invalid: Array<[string, Uint8Array]> = [
  ['no salt', changed(post, fields => { delete fields.salt })],
  ['salt of 15 bytes', changed(post, fields => { fields.salt = new Uint8Array(15) })],
  ['no kind', changed(post, fields => { delete fields.kind })],
  ['no text', changed(post, fields => { delete fields.text })],
  ['text that is bytes', changed(post, fields => { fields.text = Uint8Array.of(1) })],
  ['lang that is null', changed(post, fields => { fields.lang = null })],
  ['lang with an underscore', changed(post, fields => { fields.lang = 'zh_Hans' })],
  ['a name that is empty', changed({ kind: 'profile', name: 'x', after: [] }, fields => { fields.name = '' })],
  ['a link to a raw block', changed({ kind: 'tombstone', of: id }, fields => { fields.of = imageRef('a').small.cid.toV1() })],
  ['blur of 1,025 bytes', encode({ kind: 'post', salt: new Uint8Array(16), text: '', images: [{ ...imageRef('a'), blur: new Uint8Array(1_025) }] })],
  ['an array', encode([1, 2])],
  ['keys in another order', Uint8Array.from([plain[0], ...plain.subarray(11), ...plain.subarray(1, 11)])],
  ['a byte after the end', Uint8Array.from([...plain, 0])],
  ['cut short', plain.subarray(0, plain.length - 1)],
  ['a length that is longer than need be', Uint8Array.from([0xb8, 0x03, ...plain.subarray(1)])],
  ['nested 40 deep', Uint8Array.from([...new Uint8Array(40).fill(0x81), 0])]
]

async function history (): Promise<Entry[]> {
  const phone = createWriter()
  const laptop = createWriter({ device: 2 })
  const ada = await phone.write({ kind: 'profile', name: 'Ada', after: [] }, 1_000)
  const first = await phone.write({ kind: 'post', text: 'one' }, 2_000)
  const gone = await phone.write({ kind: 'post', text: 'gone' }, 3_000)
  const future = await laptop.write({ kind: 'post', text: 'future', images: [imageRef('a')] }, 9_999)
  const fast = await laptop.write({ kind: 'edit', of: first.id, after: [], text: 'two' }, 9_000)
  const edit = await phone.write({ kind: 'edit', of: first.id, after: [fast.id], text: 'three' }, 4_000)
  const same = await laptop.write({ kind: 'post', text: 'same time' }, 2_000)
  const name = await laptop.write({ kind: 'profile', name: 'Ada L.', after: [ada.id] }, 500)
  const apart = await phone.write({ kind: 'profile', name: 'Ada Lovelace', bio: 'counts', after: [ada.id] }, 501)
  const reach = await phone.write({ kind: 'reach', relays: [relay], after: [] }, 4_500)
  const tombstone = await laptop.write({ kind: 'tombstone', of: gone.id }, 3_500)

  return [tombstone, edit, ada, first, gone, future, fast, same, name, apart, reach]
}

const FIRST_SEEN = 5_000
const entries = await history()
const wall = createWall(OWNER)
const dropped = new Set(entries.flatMap(entry => wall.add(entry, FIRST_SEEN)))

function write (name: string, content: unknown): void {
  writeFileSync(new URL(`../../specs/vectors/${name}.json`, import.meta.url), `${JSON.stringify(content, null, 2)}\n`)
}

write('wall-payload', {
  valid: valid.map(([title, payload]) => {
    const bytes = payload instanceof Uint8Array ? payload : encodePayload(payload, random)

    return { title, bytes: toHex(bytes), payload: toJson(decodePayload(bytes)) }
  }),
  invalid: await Promise.all(invalid.map(async ([title, bytes]) => ({ title, bytes: toHex(bytes), error: await errorName(() => decodePayload(bytes)) })))
})

write('wall', {
  owner: OWNER,
  firstSeen: FIRST_SEEN,
  note: 'signatures are left empty: the reducer looks at none',
  entries: entries.map(entry => toHex(encodeEntry(entry))),
  view: toJson(wall.view()),
  dropped: [...dropped]
})
