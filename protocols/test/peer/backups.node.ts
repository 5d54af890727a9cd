import { expect } from 'aegir/chai'
import { signerFromSeed } from '../../src/identity/index.ts'
import { createPeer } from '../../src/peer/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import type { KeyStore, Peer, SecretName } from '../../src/peer/index.ts'

function keys (seed: number): KeyStore {
  const secrets = new Map<SecretName, Uint8Array>()

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => { secrets.set(name, secret) },
    deviceSigner: async () => signerFromSeed(new Uint8Array(32).fill(seed))
  }
}

/** What `onProgress` was told */
interface Told { done: number, total: number }

describe('peer: backups', () => {
  const peers: Peer[] = []

  async function startPeer (seed: number): Promise<Peer> {
    const peer = await createPeer({ role: 'client', store: memoryStore(), blocks: memoryStore(), keys: keys(seed) })

    peers.push(peer)
    await peer.start()

    return peer
  }

  afterEach(async () => { await Promise.all(peers.splice(0).map(async peer => { await peer.stop() })) })

  it('[ST41] carries every entry of the wall, and both sides tell how far they are', async () => {
    const [before, after] = [await startPeer(1), await startPeer(2)]
    const packed: Told[] = []
    const unpacked: Told[] = []

    await before.join('Ada')

    for (let n = 0; n < 1_100; n++) {
      await before.posts.post({ text: `post ${n}` })
    }

    const backup = await before.backup('correct horse', { onProgress: (done, total) => { packed.push({ done, total }) } })

    await after.restore(backup, 'correct horse', { onProgress: (done, total) => { unpacked.push({ done, total }) } })

    const total = packed.at(-1)?.total ?? 0

    expect(total).to.be.greaterThan(1_100)
    expect(packed).to.deep.equal([{ done: 500, total }, { done: 1_000, total }, { done: total, total }])
    expect(unpacked).to.deep.equal(packed)
    expect((await after.walls.open(after.account.requireMe().space)).view().posts.map(({ text }) => text).sort())
      .to.deep.equal(Array.from({ length: 1_100 }, (_, n) => `post ${n}`).sort())
  })

  it('[ST45] says nothing of progress for a passphrase that is not the right one, and takes nothing', async () => {
    const [before, after] = [await startPeer(1), await startPeer(2)]
    const unpacked: Told[] = []

    await before.join('Ada')

    const backup = await before.backup('correct horse')

    await expect(after.restore(backup, 'battery', { onProgress: (done, total) => { unpacked.push({ done, total }) } }))
      .to.eventually.be.rejected.with.property('name', 'WrongPassphraseError')
    expect(unpacked).to.deep.equal([])
    expect(await after.log.spaces()).to.deep.equal([])
  })
})
