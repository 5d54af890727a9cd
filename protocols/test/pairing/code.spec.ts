import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { sha256, withDomain } from '../../src/hash.ts'
import { deviceId, idBytes } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { codeOf, commitmentTo, isCommitmentTo } from '../../src/pairing/code.ts'
import type { CodeInit } from '../../src/pairing/code.ts'
import type { Agreement } from '../../src/pairing/messages.ts'

const filled = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const init: CodeInit = { listingPeer: 'listing', newPeer: 'new', said: [filled(1), filled(2)], nonce: filled(3) }
const agreed: Agreement = {
  nonce: filled(4),
  name: 'Attic',
  entry: { device: deviceId(filled(5)), x25519: filled(6), role: 'home', from: 1, proof: new Uint8Array(64) }
}

describe('pairing: the code', () => {
  it('[PA15] is the first 8 bytes of a hash as six digits', () => {
    for (let i = 0; i < 50; i++) {
      const nonce = systemRandom.bytes(32)
      const digest = sha256(withDomain('pergola/pair-code/1', encode(['listing', 'new', filled(1), filled(2), nonce])))
      const number = digest.subarray(0, 8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)

      expect(codeOf({ ...init, nonce })).to.match(/^\d{6}$/).and.equal(String(number % 1_000_000n).padStart(6, '0'))
    }
  })

  it('[PA15] is the same on both sides, and another one when anything differs', () => {
    const others: Array<Partial<CodeInit>> = [
      { listingPeer: 'third' }, { newPeer: 'third' }, { listingPeer: 'new', newPeer: 'listing' },
      { said: [filled(9), filled(2)] }, { said: [filled(1), filled(9)] }, { said: [filled(2), filled(1)] }, { nonce: filled(9) }
    ]

    expect(codeOf({ ...init, said: [...init.said, filled(8)] })).to.equal(codeOf(init))
    expect(new Set([init, ...others.map(change => ({ ...init, ...change }))].map(codeOf)).size).to.equal(others.length + 1)
  })

  it('[PA3] a commitment is to the nonce and to all that the device is, and not to what the record decides', () => {
    const commitment = commitmentTo(agreed)
    const { entry } = agreed

    expect(commitment).to.deep.equal(sha256(withDomain('pergola/pair-commitment/1', encode([agreed.nonce, 'Attic', idBytes(entry.device), entry.x25519, 'home']))))
    expect(isCommitmentTo(commitment, { ...agreed, entry: { ...entry, from: 7 } as Agreement['entry'] })).to.equal(true)

    for (const other of [
      { ...agreed, nonce: filled(9) }, { ...agreed, name: 'Cellar' }, { ...agreed, entry: { ...entry, device: deviceId(filled(9)) } },
      { ...agreed, entry: { ...entry, x25519: filled(9) } }, { ...agreed, entry: { ...entry, role: 'client' as const } }
    ]) {
      expect(isCommitmentTo(commitment, other)).to.equal(false)
    }
  })
})
