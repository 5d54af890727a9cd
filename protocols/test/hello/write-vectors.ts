/** Writes specs/vectors/hello.json: `node protocols/test/hello/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { encode } from '../../src/codec/index.ts'
import { decodeMessage, encodeMessage } from '../../src/hello/messages.ts'
import { makeDeviceProof, makeTokenMac } from '../../src/hello/proof.ts'
import { createHandshake } from '../../src/hello/state.ts'
import { toHex } from '../../src/ids.ts'
import { relayInfo } from '../relay-info/relays.ts'
import { errorName, toJson } from '../wall/to-json.ts'
import { person } from './people.ts'
import type { HelloMessage } from '../../src/hello/messages.ts'

const ada = await person(1)
const initiator = Uint8Array.of(0, 36, 8, 1, 18, 32, ...new Uint8Array(32).fill(11))
const responder = Uint8Array.of(0, 36, 8, 1, 18, 32, ...new Uint8Array(32).fill(12))
const nonces = [new Uint8Array(32).fill(13), new Uint8Array(32).fill(14)]
const token = new Uint8Array(16).fill(15)
const side = createHandshake({ role: 'initiator', local: initiator, remote: responder, nonce: nonces[0] })

side.handle({ type: 'start' })

const [effect] = side.handle({ type: 'message', message: { type: 'nonce', nonce: nonces[1] } })

if (effect.type !== 'prove') {
  throw new Error('The handshake asks for no proof')
}

const { binding } = effect
const device = await makeDeviceProof(ada, binding)
const mac = makeTokenMac(token, binding)
const valid: Array<[string, HelloMessage]> = [
  ['the beginning', { type: 'hello', nonce: nonces[0] }],
  ['its answer', { type: 'nonce', nonce: nonces[1] }],
  ['a device and a token', { type: 'proof', proof: { device, token: mac } }],
  ['a token', { type: 'proof', proof: { token: mac } }],
  ['yes, with a card', { type: 'yes', device, card: { relays: [await relayInfo(1)], name: 'phone' } }],
  ['done', { type: 'done' }],
  ['no', { type: 'no' }]
]
const invalid: Array<[string, Uint8Array]> = [
  ['an unknown type', encode({ type: 'maybe' })],
  ['a nonce of 31 bytes', encode({ type: 'hello', nonce: new Uint8Array(31) })],
  ['a proof of nothing', encode({ type: 'proof' })],
  ['a name of 129 bytes', encode({ type: 'done', card: { relays: [], name: 'x'.repeat(129) } })],
  ['an array', encode(['no'])]
]

writeFileSync(new URL('../../specs/vectors/hello.json', import.meta.url), `${JSON.stringify({
  messages: {
    valid: valid.map(([title, message]) => ({ title, bytes: toHex(encodeMessage(message)), message: toJson(message) })),
    invalid: await Promise.all(invalid.map(async ([title, bytes]) => ({ title, bytes: toHex(bytes), error: await errorName(() => decodeMessage(bytes)) })))
  },
  proofs: [{
    role: 'initiator',
    initiator: toHex(initiator),
    responder: toHex(responder),
    nonces: nonces.map(toHex),
    binding: toHex(binding),
    device: toJson(device),
    identity: ada.identity,
    token: { token: toHex(token), id: toHex(mac.id), mac: toHex(mac.mac) }
  }]
}, null, 2)}\n`)
