import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { peerKey, readPeer } from '../../src/relay-info/index.ts'

describe('peer ids as keys', () => {
  it('[RI3] go both ways, from text and from libp2p\'s own', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const peer = peerIdFromPrivateKey(privateKey)

    expect(peerKey(peer)).to.deep.equal(privateKey.publicKey.raw)
    expect(peerKey(peer.toString())).to.deep.equal(privateKey.publicKey.raw)
    expect(readPeer(privateKey.publicKey.raw, 'peer')).to.equal(peer.toString())
  })

  it('[RI3] texts that are something else are refused', async () => {
    const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()

    for (const text of ['', '1', `${peer}1`, peer.slice(0, -1), `1${peer}`, `${peer}${'1'.repeat(10_000)}`, peer.replace(/.$/, '0'), 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N']) {
      expect(() => peerKey(text), text).to.throw().with.property('name', 'MalformedIdError')
    }
  })
})
