import { guard } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'

/** A file that brings a wall back */
export function backupsArea ({ peer, session }: EngineComponents): Pick<Engine, 'backup' | 'restore'> {
  return {
    backup: async passphrase => guard(async () => {
      const bytes = await peer.backup(passphrase)

      await session.refresh()

      return new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' })
    }),

    restore: async (backup, passphrase) => guard(async () => {
      await peer.restore(new Uint8Array(await backup.arrayBuffer()), passphrase)
      await session.refresh()
    })
  }
}
