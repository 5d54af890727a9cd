/** A data folder as the first version left it: plain stores, and secrets sealed one by one under the key file. */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { importSafeKey, prefixStore, safe, signerFromSeed } from '@pergola/protocols'
import { createPeer } from '@pergola/protocols/peer'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { locateDataFolder } from '../../src/data-folder.ts'
import { writeWall } from './walls.ts'

const encoder = new TextEncoder()

/** One more post */
export const OLD_TEXT = 'What was there before is canaryoldtext'

export interface OldHome {
  device: string
  /** Sequence number of the last post */
  head: number
}

export async function writeOldHome (path: string, posts: number): Promise<OldHome> {
  await mkdir(path, { recursive: true, mode: 0o700 })

  const { keys, old } = locateDataFolder(path)
  const key = randomBytes(32)
  const seed = randomBytes(32)

  await writeFile(keys, key, { mode: 0o600 })

  const store = await openLevelStore(old.store)
  const blocks = await openLevelStore(old.blocks)
  const secrets = safe({ store: prefixStore(store, encoder.encode('keys/')), key: await importSafeKey(key) })

  await secrets.put('device-seed', seed)

  const peer = await createPeer({
    role: 'home',
    store: prefixStore(store, encoder.encode('peer/')),
    blocks,
    keys: { get: async name => secrets.get(name), put: async (name, secret) => secrets.put(name, secret), deviceSigner: async () => signerFromSeed(seed) }
  })

  try {
    await writeWall(peer, posts, 4_000)
    await peer.posts.post({ text: OLD_TEXT })

    const { device, identity, space } = peer.account.requireMe()
    const chain = await peer.log.chain({ space, identity, device })

    return { device, head: chain?.head.seq ?? -1 }
  } finally {
    await peer.stop()
    await blocks.close()
    await store.close()
  }
}
