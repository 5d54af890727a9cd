import { x25519 } from '@noble/curves/ed25519.js'
import { expect } from 'aegir/chai'
import { systemRandom } from '../../src/interface.ts'
import { readingKeys } from '../../src/peer/reading-keys.ts'
import type { KeyStore, SecretName } from '../../src/peer/index.ts'

/** Keeps secrets until the power fails at a write, counted from 0 */
function keysFailingAt (secrets: Map<SecretName, Uint8Array>, write: number): KeyStore {
  let writes = 0

  return {
    get: async name => secrets.get(name),
    async put (name, secret) {
      if (writes++ === write) {
        throw new Error('The power failed')
      }

      secrets.set(name, secret)
    },
    deviceSigner: async () => { throw new Error('Not asked for here') }
  }
}

describe('peer: reading keys', () => {
  it('[ID37] are kept under their names, the newest first', async () => {
    const secrets = new Map<SecretName, Uint8Array>()
    const reading = readingKeys({ keys: keysFailingAt(secrets, Infinity), random: systemRandom })
    const made = [await reading.renew(), await reading.renew(), await reading.renew()]

    expect([...secrets.keys()].sort()).to.deep.equal(['reading', 'reading-0', 'reading-1'])
    expect((await reading.all()).map(secret => x25519.getPublicKey(secret))).to.deep.equal(made.toReversed())
    expect(secrets.get('reading')).to.have.length(32)
  })

  it('[ID37] nothing is lost or doubled when the power fails between two writes', async () => {
    for (let write = 0; write < 6; write++) {
      const secrets = new Map<SecretName, Uint8Array>()
      const known: Uint8Array[] = []
      const failing = readingKeys({ keys: keysFailingAt(secrets, write), random: systemRandom })

      for (let i = 0; i < 3; i++) {
        await failing.renew().then(key => { known.push(key) }, () => {})
      }

      const reading = readingKeys({ keys: keysFailingAt(secrets, Infinity), random: systemRandom })

      known.push(await reading.renew())

      const all = (await reading.all()).map(secret => x25519.getPublicKey(secret))

      expect(all, `at write ${write}`).to.deep.include.members(known)
      expect(new Set(all.map(String)).size, `at write ${write}`).to.equal(all.length)
      expect(all[0], `at write ${write}`).to.deep.equal(known[known.length - 1])
    }
  })
})
