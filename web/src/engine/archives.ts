import { publicWall } from '@pergola/protocols'
import { meter } from './meter.ts'
import { guard } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'

/** Bytes that are held at once while a file is written: browsers keep the parts of a large `Blob` on disk */
const PART_BYTES = 16 * 1024 * 1024

/** Everything of one's own as a file that any computer opens */
export function archivesArea ({ peer, session, views }: EngineComponents): Pick<Engine, 'saveArchive' | 'takeArchive'> {
  return {
    saveArchive: async ({ passphrase, follows = false }, { signal, onProgress } = {}) => guard(async () => {
      const { bytes, posts, files, missing } = await peer.exportArchive({
        follows,
        ...(passphrase == null ? {} : { passphrase }),
        ...(signal == null ? {} : { signal }),
        onProgress: meter('bytes', onProgress)
      })
      const file = await toBlob(bytes)

      // the keys alone bring a wall back from whoever has it, and the file has the wall as well
      if (passphrase != null) {
        await peer.settings.backedUp.update(() => true)
        await session.refresh()
      }

      return { file, posts, files, missing }
    }),

    takeArchive: async (file, { passphrase }, { signal, onProgress } = {}) => guard(async () => {
      const meters = { check: meter('bytes', onProgress, 'check'), take: meter('bytes', onProgress, 'take') }
      const { identity, posts, added, refused } = await peer.importArchive({
        size: file.size,
        read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer())
      }, {
        ...(passphrase == null ? {} : { passphrase }),
        ...(signal == null ? {} : { signal }),
        onProgress: (step, done, total) => { meters[step](done, total) }
      })
      const { profile } = (await peer.walls.open(publicWall(identity))).view()

      await session.refresh()

      return { person: views.person(identity, profile), posts, added, refused, mine: peer.account.me()?.identity === identity }
    })
  }
}

async function toBlob (bytes: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: Blob[] = []
  let held: BlobPart[] = []
  let size = 0

  for await (const chunk of bytes) {
    held.push(new Uint8Array(chunk))
    size += chunk.length

    if (size >= PART_BYTES) {
      parts.push(new Blob(held))
      held = []
      size = 0
    }
  }

  return new Blob([...parts, ...held], { type: 'application/zip' })
}
