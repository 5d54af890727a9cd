import type { PeerInit } from './index.ts'
import type { OpenMedia } from './lazy-media.ts'
import type { Life, Parts } from './parts.ts'
import type { DeviceRole } from '../identity/index.ts'

/** Of pictures kept, own ones included; the least recently seen of others' go first */
const MAX_MEDIA_BYTES: Record<DeviceRole, number> = { client: 2_000_000_000, home: 50_000_000_000 }

/** Loads all that has to do with media, and starts it */
export async function openMedia ({ role, keys, blocks }: PeerInit, { account, clock }: Pick<Parts, 'account' | 'clock'>, life: Pick<Life, 'run'>): Promise<OpenMedia> {
  const { createMedia, pins } = await import('../media/index.ts')
  const { network, keeper, callers } = await life.run()
  const media = await createMedia({ libp2p: network, store: blocks, clock, maxBytes: MAX_MEDIA_BYTES[role] })
  const asked = pins({
    media,
    clock,
    ...(role === 'home' ? { signer: await keys.deviceSigner() } : {}),
    admits: (peer, space) => callers.isOwn(peer) && space === account.me()?.space,
    sources: (_peer, space) => keeper.providers(space)
  })({ libp2p: network })

  await asked.start()

  return {
    media,
    pins: asked,
    async stop () {
      await asked.stop()
      await media.stop()
    }
  }
}
