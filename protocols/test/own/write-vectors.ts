/** Writes specs/vectors/own.json: `node protocols/test/own/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 as digest } from '@noble/hashes/sha2.js'
import { encode } from '../../src/codec/index.ts'
import { sha256, withDomain } from '../../src/hash.ts'
import { deviceId, entryCid, entryId, spaceId, toHex } from '../../src/ids.ts'
import { ownSpaceId } from '../../src/own/index.ts'
import { decodeOwnPayload, encodeOwnPayload } from '../../src/own/payload.ts'
import { Registers } from '../../src/own/registers.ts'
import { isPrivateSpace } from '../../src/space/index.ts'
import { errorName, toJson } from '../wall/to-json.ts'
import type { OwnPayload } from '../../src/own/payload.ts'
import type { RegisterVersion } from '../../src/own/registers.ts'

const seed = new Uint8Array(32).fill(1)
/** Of which the first candidate could be somebody's wall */
const laterSeeds = Array.from({ length: 100 }, (_, n) => new Uint8Array(32).fill(n))
  .filter(from => !isPrivateSpace(spaceId(hkdf(digest, from, undefined, withDomain('pergola/own-space/1', Uint8Array.of(0)), 32))))
  .slice(0, 2)
const link = entryId(new Uint8Array(32).fill(2))
const device = deviceId(new Uint8Array(32).fill(3))

const valid: Array<[string, OwnPayload]> = [
  ['a value', { kind: 'set', name: 'device-order', value: encode({ order: [new Uint8Array(32).fill(3)] }), after: [link] }],
  ['no value any more', { kind: 'set', name: `follow/${'02'.repeat(32)}`, value: null, after: [link] }],
  ['a name of a later version', { kind: 'set', name: 'of a later version', value: encode({ a: 1 }), after: [] }],
  ['a cut', { kind: 'cut', device, last: { seq: 7, id: link }, after: [] }],
  ['a cut at nothing', { kind: 'cut', device, last: null, after: [link] }],
  ['keys', { kind: 'past', keys: [seed, new Uint8Array(32).fill(4)] }]
]

const set = { kind: 'set', name: 'a', value: null, after: [], pad: new Uint8Array() }
const cid = entryCid(link)

const others: Array<[string, unknown]> = [
  ['a kind of a later version', { kind: 'merge', what: 1 }],
  ['an unknown field', { ...set, more: true }],
  ['an empty name', { ...set, name: '' }],
  ['a name that is too long', { ...set, name: 'a'.repeat(129) }],
  ['a value that is not bytes', { ...set, value: 'x' }],
  ['too many links', { ...set, after: Array.from({ length: 33 }, () => cid) }],
  ['half a key', { kind: 'past', keys: new Uint8Array(48) }],
  ['a cut without a number', { kind: 'cut', device: new Uint8Array(32), last: { id: cid }, after: [] }]
]

async function outcome (bytes: Uint8Array): Promise<{ payload: unknown } | { error: string }> {
  try {
    return { payload: toJson(decodeOwnPayload(bytes)) }
  } catch {
    return { error: await errorName(() => decodeOwnPayload(bytes)) }
  }
}

const id = (n: number): RegisterVersion['id'] => entryId(sha256(Uint8Array.of(n)))
const version = (n: number, claimed: number, after: number[], name = 'theme'): RegisterVersion => ({ id: id(n), claimed, name, value: Uint8Array.of(n), after: after.map(id) })

const histories: Array<[string, RegisterVersion[]]> = [
  ['one after the other, with a clock that goes back', [version(1, 9, []), version(2, 1, [1])]],
  ['two at the same time', [version(1, 5, []), version(2, 6, [])]],
  ['two at the same time by the same clock', [version(1, 5, []), version(2, 5, [])]],
  ['a third that replaces both', [version(1, 5, []), version(2, 6, []), version(3, 0, [1, 2])]],
  ['one that was made upon only one of two', [version(1, 5, []), version(2, 6, []), version(3, 7, [1])]],
  ['of another register', [version(1, 5, []), version(2, 6, [1], 'language')]]
]

function standing (versions: RegisterVersion[]): Record<string, string> {
  const registers = new Registers()

  versions.forEach(one => registers.add(one))

  return Object.fromEntries(registers.standing())
}

writeFileSync(new URL('../../specs/vectors/own.json', import.meta.url), `${JSON.stringify({
  spaces: [seed, ...laterSeeds].map(from => ({ seed: toHex(from), id: ownSpaceId(from) })),
  payloads: await Promise.all([
    ...valid.map(([title, payload]) => ({ title, bytes: encodeOwnPayload(payload) })),
    ...others.map(([title, value]) => ({ title, bytes: encode(value) }))
  ].map(async ({ title, bytes }) => ({ title, bytes: toHex(bytes), ...await outcome(bytes) }))),
  registers: histories.map(([title, versions]) => ({ title, versions: versions.map(toJson), standing: standing(versions) }))
}, null, 2)}\n`)
