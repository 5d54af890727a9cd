import { memoryStore, publicWall, signerFromSeed } from '@pergola/protocols'
import { follow } from '@pergola/protocols/follow'
import { createPeer } from '@pergola/protocols/peer'
import { expect } from 'aegir/chai'
import { createRelay, openWallCache } from '../src/index.ts'
import { testFolder } from './support/folders.ts'
import { startWallRelay, until } from './support/walls.ts'
import type { TestFolder } from './support/folders.ts'
import type { WallRelay } from './support/walls.ts'
import type { Peer } from '@pergola/protocols/peer'

async function person (name: string, relay: WallRelay): Promise<Peer> {
  const secrets = new Map<string, Uint8Array>()
  const peer = await createPeer({
    role: 'client',
    store: memoryStore(),
    blocks: memoryStore(),
    keys: {
      get: async name => secrets.get(name),
      put: async (name, secret) => { secrets.set(name, secret) },
      deviceSigner: async () => signerFromSeed(secrets.get('device') ?? secrets.set('device', crypto.getRandomValues(new Uint8Array(32))).get('device') ?? new Uint8Array(32))
    }
  })

  await peer.start()
  await peer.addRelay(relay.info)
  await peer.join(name)
  await until(peer, 'connection:changed', () => peer.connection().light === 'green')

  return peer
}

/** A relay whose operator keeps the walls of its own people only */
async function startRefusingRelay (dataDir: string): Promise<WallRelay> {
  const walls = await openWallCache({ dataDir, cache: 'none' })
  const relay: WallRelay = await createRelay({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    stunPort: 0,
    webrtcPort: 0,
    services: context => ({ ...walls.services(context), follow: follow({ serve: { admits: (_peer, { offer }) => offer } }) }),
    extensions: [walls.extension]
  })

  await relay.start()

  return relay
}

describe('a relay that follows nothing', function () {
  this.timeout(60_000)

  let folder: TestFolder

  beforeEach(async () => { folder = await testFolder() })
  afterEach(async () => { await folder.remove() })

  it('[FO12] its client goes to the author\'s relay itself, and stays there', async () => {
    const one = await startWallRelay(folder.at('one'))
    const other = await startRefusingRelay(folder.at('other'))
    const [ada, ben] = [await person('Ada', one), await person('Ben', other)]
    const space = publicWall(ada.account.me()?.identity ?? (() => { throw new Error('Nobody joined') })())
    const texts = (): string[] => ben.walls.peek(space)?.view().posts.map(({ text }) => text) ?? []

    try {
      await ben.follow(space, [one.info])

      for (const text of ['first', 'second']) {
        await ada.posts.post({ text })
        await until(ben.walls, 'wall:changed', () => texts().includes(text))
      }

      expect(ben.connection().relays.map(({ info }) => info.peer).sort()).to.deep.equal([one.info.peer, other.info.peer].sort())
      expect(other.libp2p.getConnections(one.peerId)).to.deep.equal([])
    } finally {
      await Promise.all([ada.stop(), ben.stop()])
      await Promise.all([one.stop(), other.stop()])
    }
  })
})
