import { expect } from 'aegir/chai'
import { fromHex, toHex } from '../../src/ids.ts'
import { decodeInvite, decodePairing, proveToken } from '../../src/invite/index.ts'
import { readVectors } from '../vectors.ts'
import { errorName, toJson } from '../wall/to-json.ts'

interface Vectors {
  valid: Array<{ title: string, text: string, invite: unknown }>
  invalid: Array<{ title: string, text: string, error: string }>
  pairing: {
    valid: Array<{ title: string, text: string, pairing: unknown }>
    invalid: Array<{ title: string, text: string, error: string }>
  }
  tokens: Array<{ token: string, message: string, id: string, mac: string }>
}

describe('invite vectors', () => {
  it('[IN1] to [IN22] links are read as they say', async () => {
    const { valid, invalid, pairing } = await readVectors<Vectors>('invite')

    for (const { title, text, invite } of valid) {
      expect(toJson(decodeInvite(text)), title).to.deep.equal(invite)
    }

    for (const { title, text, error } of invalid) {
      expect(await errorName(() => decodeInvite(text)), title).to.equal(error)
    }

    for (const { title, text, pairing: expected } of pairing.valid) {
      expect(toJson(decodePairing(text)), title).to.deep.equal(expected)
    }

    for (const { title, text, error } of pairing.invalid) {
      expect(await errorName(() => decodePairing(text)), title).to.equal(error)
    }
  })

  it('[IN30] to [IN31] tokens have the ids and proofs that they say', async () => {
    const { tokens } = await readVectors<Vectors>('invite')

    for (const { token, message, id, mac } of tokens) {
      const proof = proveToken(fromHex(token), fromHex(message))

      expect({ id: toHex(proof.id), mac: toHex(proof.mac) }).to.deep.equal({ id, mac })
    }
  })
})
