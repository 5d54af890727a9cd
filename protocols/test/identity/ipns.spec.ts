import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { expect } from 'aegir/chai'
import { multihashToIPNSRoutingKey, unmarshalIPNSRecord } from 'ipns'
import { ipnsSelector } from 'ipns/selector'
import { ipnsValidator } from 'ipns/validator'
import { decodeRecord, proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../../src/identity/index.ts'
import { idBytes, identityId, identityToText } from '../../src/ids.ts'
import { filled, testRoot } from './identity-vectors.ts'
import type { Root, SignedRecord } from '../../src/identity/index.ts'

/** The name under which routers keep an identity's record */
function routingKey (root: Root): Uint8Array {
  return multihashToIPNSRoutingKey(publicKeyFromRaw(idBytes(root.identity)).toMultihash())
}

describe('IPNS record of an identity', () => {
  const publish = filled(4)
  let root: Root
  let first: SignedRecord
  let second: SignedRecord

  before(async () => {
    root = await testRoot()

    const device = await proveDevice(await signerFromSeed(filled(2)), { identity: root.identity, x25519: filled(9), role: 'client', from: 0 })
    const content = { devices: [device], closed: [], reading: filled(3), publish, time: 5 }

    first = await signRecord(root, content)
    second = await signRecord(root, content, first)
  })

  it('[ID33] [ID35] is valid for another implementation, under the name of the identity', async () => {
    await ipnsValidator(routingKey(root), first.ipns)
    await ipnsValidator(routingKey(root), second.ipns)
  })

  it('[ID33] is not valid under another name, or with a bit changed', async () => {
    const changed = first.ipns.slice()

    changed[changed.length - 1] ^= 1

    await expect(ipnsValidator(routingKey(await rootFromEntropy(filled(8, 16))), first.ipns)).to.eventually.be.rejected()
    await expect(ipnsValidator(routingKey(root), changed)).to.eventually.be.rejected()
  })

  it('[ID32] says what the identity record says', () => {
    const { sequence, ttl, validity, validityType, value } = unmarshalIPNSRecord(second.ipns)

    expect({ sequence, ttl, validity, validityType, value }).to.deep.equal({
      sequence: 1n,
      ttl: 3_600_000_000_000n,
      validity: '2200-01-01T00:00:00.000000000Z',
      validityType: 'EOL',
      value: `/ipns/${identityToText(identityId(publish))}`
    })
  })

  it('[ID32] of a later record replaces the one before', () => {
    expect(ipnsSelector(routingKey(root), [first.ipns, second.ipns])).to.equal(1)
    expect(ipnsSelector(routingKey(root), [second.ipns, first.ipns])).to.equal(0)
  })

  it('[ID34] comes with the identity record, whoever reads it', async () => {
    expect((await decodeRecord(second.bytes)).ipns).to.deep.equal(second.ipns)
  })
})
