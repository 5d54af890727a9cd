/** Writes specs/vectors/relay-info.json: `node protocols/test/relay-info/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { encode } from '../../src/codec/index.ts'
import { toHex } from '../../src/ids.ts'
import { decodeRelayInfo, decodeSignedRelayInfo, encodeRelayInfo, peerKey, peerSigner, signRelayInfo } from '../../src/relay-info/index.ts'
import { errorName } from '../wall/to-json.ts'
import { relayInfo, relayKey } from './relays.ts'

const info = await relayInfo(1)
const { stun, name, ...bare } = info
const key = peerKey(info.peer)
const addr = Uint8Array.of(4, 127, 0, 0, 1, 6, 0, 1)
const signed = await signRelayInfo(peerSigner(await relayKey(1)), info, 1_795_000_000_000)
const changed = Uint8Array.from(signed)

changed[changed.length - 1] ^= 1

const valid: Array<[string, Uint8Array]> = [
  ['everything', encodeRelayInfo(info)],
  ['only what must be', encodeRelayInfo({ ...bare, path: '' })],
  ['a member of a later version', encode([key, [addr], '', null, null, 'later'])],
  ['an address of a later version beside a known one', encode([key, [Uint8Array.of(0xf0, 0x7f, 1), addr], '', null, null])]
]
const invalid: Array<[string, Uint8Array]> = [
  ['four members', encode([key, [addr], '', null])],
  ['a key of 33 bytes', encode([new Uint8Array(33), [addr], '', null, null])],
  ['no address', encode([key, [], '', null, null])],
  ['no known address', encode([key, [Uint8Array.of(0xf0, 0x7f, 1)], '', null, null])],
  ['nine addresses', encode([key, Array(9).fill(addr), '', null, null])],
  ['a path with a slash', encode([key, [addr], 'a/b', null, null])],
  ['a path that is two dots', encode([key, [addr], '..', null, null])],
  ['STUN without port', encode([key, [addr], '', 'relay.example', null])],
  ['a name of 65 bytes', encode([key, [addr], '', null, 'x'.repeat(65)])]
]

writeFileSync(new URL('../../specs/vectors/relay-info.json', import.meta.url), `${JSON.stringify({
  valid: valid.map(([title, bytes]) => ({ title, bytes: toHex(bytes), relay: decodeRelayInfo(bytes) })),
  invalid: await Promise.all(invalid.map(async ([title, bytes]) => ({ title, bytes: toHex(bytes), error: await errorName(() => decodeRelayInfo(bytes)) }))),
  signed: {
    valid: [{ title: 'a relay of itself', bytes: toHex(signed), relay: info, time: 1_795_000_000_000 }],
    invalid: [{ title: 'a signature of which a bit was changed', bytes: toHex(changed), error: await errorName(async () => decodeSignedRelayInfo(changed)) }]
  }
}, null, 2)}\n`)
