import { meter } from './meter.ts'
import { guard } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'

/** A file that brings a wall back */
export function backupsArea ({ peer, session }: EngineComponents): Pick<Engine, 'backup' | 'restore'> {
  return {
    backup: async (passphrase, onProgress) => guard(async () => {
      const bytes = await peer.backup(passphrase, { onProgress: meter('entries', onProgress) })

      await session.refresh()

      return new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' })
    }),

    restore: async (backup, passphrase, onProgress) => guard(async () => {
      await peer.restore(new Uint8Array(await backup.arrayBuffer()), passphrase, { onProgress: meter('entries', onProgress) })
      await session.refresh()
    })
  }
}
