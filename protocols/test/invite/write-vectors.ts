/** Writes specs/vectors/invite.json: `node protocols/test/invite/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { base64url } from 'multiformats/bases/base64'
import { identityId, toHex } from '../../src/ids.ts'
import { createInvite, decodeInvite, decodePairing, encodeInvite, encodePairing, proveToken } from '../../src/invite/index.ts'
import { relayInfo } from '../relay-info/relays.ts'
import { errorName, toJson } from '../wall/to-json.ts'

const identity = identityId(new Uint8Array(32).fill(1))
const token = Uint8Array.from({ length: 16 }, (_, i) => i)
const device = (await relayInfo(9)).peer
const full = encodeInvite(createInvite({ identity, rec: 3, relays: [await relayInfo(1), await relayInfo(2)], token, devices: [device], name: 'Ada' }))
const bare = encodeInvite(createInvite({ identity, rec: 0, relays: [await relayInfo(1)] }))
const pairing = encodePairing({ v: 1, identity, device, relays: [await relayInfo(1)], secret: token, expires: 1_795_000_000_000 })
const message = Uint8Array.of(1, 2, 3)
const proof = proveToken(token, message)

function withByte (text: string, at: number, byte: number): string {
  const bytes = base64url.baseDecode(text)

  bytes[at] = byte

  return base64url.baseEncode(bytes)
}

const valid: Array<[string, string]> = [
  ['everything', full],
  ['only what must be', bare],
  ['a whole address', `https://relay.example/#${bare}`],
  ['a route before it', `https://relay.example/#/join/${bare}`],
  ['in a sentence', ` Join me (https://relay.example/#${bare}). `]
]
const invalid: Array<[string, string]> = [
  ['nothing', '  '],
  ['an address without a fragment', 'https://relay.example/'],
  ['a word', 'hello'],
  ['a pairing link', pairing],
  ['of version 2', withByte(bare, 1, 2)],
  ['of version 0', withByte(bare, 1, 0)],
  ['cut in the middle', full.slice(0, 100)],
  ['without its last character', full.slice(0, -1)],
  ['one byte changed', withByte(full, 20, 77)],
  ['characters after its end', `${bare}AAAA`]
]

writeFileSync(new URL('../../specs/vectors/invite.json', import.meta.url), `${JSON.stringify({
  valid: valid.map(([title, text]) => ({ title, text, invite: toJson(decodeInvite(text)) })),
  invalid: await Promise.all(invalid.map(async ([title, text]) => ({ title, text, error: await errorName(() => decodeInvite(text)) }))),
  pairing: {
    valid: [{ title: 'a pairing link', text: pairing, pairing: toJson(decodePairing(pairing)) }],
    invalid: [{ title: 'an invite', text: bare, error: await errorName(() => decodePairing(bare)) }]
  },
  tokens: [{ token: toHex(token), message: toHex(message), id: toHex(proof.id), mac: toHex(proof.mac) }]
}, null, 2)}\n`)
