import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { decodeMessage } from '../../src/hello/messages.ts'
import { checkDeviceProof, makeTokenMac } from '../../src/hello/proof.ts'
import { deviceId, fromHex, toHex } from '../../src/ids.ts'
import { readVectors } from '../vectors.ts'
import { errorName, toJson } from '../wall/to-json.ts'

interface Vectors {
  messages: {
    valid: Array<{ title: string, bytes: string, message: unknown }>
    invalid: Array<{ title: string, bytes: string, error: string }>
  }
  proofs: Array<{
    role: string
    initiator: string
    responder: string
    nonces: string[]
    binding: string
    device: { record: string, device: string, signature: string }
    identity: string
    token: { token: string, id: string, mac: string }
  }>
}

describe('hello vectors', () => {
  it('[HE3] to [HE9] messages are read as they say', async () => {
    const { messages } = await readVectors<Vectors>('hello')

    for (const { title, bytes, message } of messages.valid) {
      expect(toJson(decodeMessage(fromHex(bytes))), title).to.deep.equal(message)
    }

    for (const { title, bytes, error } of messages.invalid) {
      expect(await errorName(() => decodeMessage(fromHex(bytes))), title).to.equal(error)
    }
  })

  it('[HE14], [HE20], [HE24] proofs hold for their binding, and for no other', async () => {
    const { proofs } = await readVectors<Vectors>('hello')

    for (const { role, initiator, responder, nonces, binding, device, identity, token } of proofs) {
      const proof = { record: fromHex(device.record), device: deviceId(fromHex(device.device)), signature: fromHex(device.signature) }
      const bound = encode([role, fromHex(initiator), fromHex(responder), ...nonces.map(fromHex)])

      expect(toHex(bound)).to.equal(binding)
      expect((await checkDeviceProof(proof, bound))?.record.identity).to.equal(identity)
      expect(await checkDeviceProof(proof, encode(['responder', fromHex(initiator), fromHex(responder), ...nonces.map(fromHex)]))).to.equal(undefined)
      expect(toJson(makeTokenMac(fromHex(token.token), bound))).to.deep.equal({ id: token.id, mac: token.mac })
    }
  })
})
