import { expect } from 'aegir/chai'
import { signerFromSeed } from '../../src/identity/index.ts'
import { toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { createPeer } from '../../src/peer/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { collect, fileOf } from '../archive/support/bytes.ts'
import { addImage } from '../archive/support/homes.ts'
import { errorName, toJson } from '../wall/to-json.ts'
import type { Store } from '../../src/interface.ts'
import type { ExportOptions, KeyStore, Peer, SecretName } from '../../src/peer/index.ts'

const PASSPHRASE = 'a long summer in the north'

function memoryKeys (): KeyStore {
  const secrets = new Map<SecretName, Uint8Array>()
  const seed = systemRandom.bytes(32)

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => { secrets.set(name, secret) },
    deviceSigner: async () => signerFromSeed(seed)
  }
}

interface Device {
  peer: Peer
  store: Store
  blocks: Store
}

async function contents ({ store, blocks }: Device): Promise<string> {
  const records: string[] = []

  for (const part of [store, blocks]) {
    for await (const [key, value] of part.range()) {
      records.push(`${toHex(key)} ${toHex(value)}`)
    }
  }

  return records.join('\n')
}

async function exported ({ peer }: Device, options?: ExportOptions): Promise<Uint8Array> {
  return collect((await peer.exportArchive(options)).bytes)
}

async function viewOf ({ peer }: Device, space = peer.account.requireMe().space): Promise<string> {
  return JSON.stringify(toJson((await peer.walls.open(space)).view()))
}

describe('peer: archives', () => {
  const running: Peer[] = []
  let ada: Device
  let archive: Uint8Array

  async function device (): Promise<Device> {
    const store = memoryStore()
    const blocks = memoryStore()
    const peer = await createPeer({ role: 'client', store, blocks, keys: memoryKeys() })

    await peer.start()
    running.push(peer)

    return { peer, store, blocks }
  }

  before(async () => {
    ada = await device()
    await ada.peer.join('Ada')
    await ada.peer.posts.post({ text: 'Hello', images: [await addImage(ada.peer.media, 5_000, 1)] })
    await ada.peer.posts.post({ text: 'Again' })
    archive = await exported(ada, { passphrase: PASSPHRASE })
  })

  after(async () => {
    await Promise.all(running.map(async peer => peer.stop()))
  })

  it('[AR12] with keys and passphrase a device of nobody becomes one of the owner, and goes on writing', async () => {
    const fresh = await device()
    const before = await viewOf(ada)
    const imported = await fresh.peer.importArchive(fileOf(archive), { passphrase: PASSPHRASE })

    expect(imported).to.include({ identity: ada.peer.account.me()?.identity, name: 'Ada', posts: 2, files: 2, known: 0, refused: 0, restored: true })
    expect(await viewOf(fresh)).to.equal(before)
    expect(fresh.peer.account.requireMe().device).to.not.equal(ada.peer.account.requireMe().device)

    await fresh.peer.posts.post({ text: 'From elsewhere' })

    const back = await exported(fresh)

    expect(await ada.peer.importArchive(fileOf(back))).to.include({ added: 1, refused: 0, files: 0, restored: false })
    expect(await viewOf(ada)).to.equal(await viewOf(fresh))
  })

  it('[AR12] without keys it can be read where nobody has joined, and restored later', async () => {
    const fresh = await device()
    const { identity, restored } = await fresh.peer.importArchive(fileOf(archive))

    expect(restored).to.be.false()
    expect(fresh.peer.account.me()).to.be.undefined()
    expect((await fresh.peer.walls.open(ada.peer.account.requireMe().space)).view()).to.include({ owner: identity }).and.to.have.property('posts').with.lengthOf(2)
    expect(await fresh.peer.importArchive(fileOf(archive), { passphrase: PASSPHRASE })).to.include({ added: 0, restored: true })
  })

  it('[AR12] one who was restored by the phrase alone has the old devices and their posts back', async () => {
    const entropy = await ada.peer.account.entropy()

    // whichever of the two records of the same number stands: the device keys decide, so several are tried
    for (let i = 0; i < 6; i++) {
      const fresh = await device()

      await fresh.peer.account.restore(entropy)
      await fresh.peer.posts.post({ text: 'New here' })

      expect(await fresh.peer.importArchive(fileOf(archive))).to.include({ posts: 3, refused: 0 })
      expect((await fresh.peer.account.record()).record.devices).to.have.lengthOf(2)
      await fresh.peer.posts.post({ text: 'And still' })
      expect((await fresh.peer.walls.open(fresh.peer.account.requireMe().space)).view().posts).to.have.lengthOf(4)
    }
  })

  it('[AR11] what was deleted since stays deleted, and its pictures are not kept', async () => {
    const fresh = await device()

    await fresh.peer.importArchive(fileOf(archive), { passphrase: PASSPHRASE })

    const [post] = (await fresh.peer.walls.open(fresh.peer.account.requireMe().space)).view().posts.filter(({ text }) => text === 'Hello')

    await fresh.peer.posts.remove(post.id)

    for (const { large, small } of post.images ?? []) {
      await fresh.peer.media.unpin(large.cid)
      await fresh.peer.media.unpin(small.cid)
    }

    expect(await fresh.peer.importArchive(fileOf(archive))).to.include({ added: 0, files: 0, posts: 1 })
    expect(await fresh.peer.media.isPinned(post.images?.[0].large.cid as never)).to.be.false()
  })

  it('[AR13] of somebody else, with a wrong passphrase, without keys, damaged: nothing has changed', async () => {
    const nobody = await device()
    const bea = await device()
    const damaged = archive.slice()

    await bea.peer.join('Bea')
    damaged[archive.length >> 1] ^= 1

    const [before, beaBefore] = [await contents(nobody), await contents(bea)]
    const without = await exported(ada)

    expect(await errorName(async () => bea.peer.importArchive(fileOf(archive)))).to.equal('ForeignArchiveError')
    expect(await errorName(async () => nobody.peer.importArchive(fileOf(archive), { passphrase: 'another' }))).to.equal('WrongPassphraseError')
    expect(await errorName(async () => nobody.peer.importArchive(fileOf(without), { passphrase: PASSPHRASE }))).to.equal('ArchiveWithoutKeysError')
    expect(await errorName(async () => nobody.peer.importArchive(fileOf(damaged)))).to.equal('ArchiveDamagedError')
    expect(await errorName(async () => nobody.peer.importArchive(fileOf(archive.subarray(0, 9_000))))).to.equal('ArchiveCutShortError')
    expect(await errorName(async () => nobody.peer.exportArchive())).to.equal('NotJoinedError')
    expect(await contents(nobody)).to.equal(before)
    expect(await contents(bea)).to.equal(beaBefore)
  })

  it('[AR10] a signal ends it, and progress tells amounts', async () => {
    const fresh = await device()
    const steps = new Map<string, number>()

    expect(await errorName(async () => fresh.peer.importArchive(fileOf(archive), { signal: AbortSignal.abort() }))).to.equal('AbortError')
    await fresh.peer.importArchive(fileOf(archive), {
      onProgress: (step, done, total) => {
        expect(done).to.be.at.least(steps.get(step) ?? 0).and.at.most(total)
        steps.set(step, done)
      }
    })
    expect([...steps.keys()]).to.deep.equal(['check', 'take'])
    expect(steps.get('check')).to.equal(steps.get('take')).and.to.be.above(6_000)
  })
})
