/** What the command line asks of a home node that is open. */
import { decodePairing, identityToText } from '@pergola/protocols'
import { withArchiveFile, writeArchiveFile } from './archive-files.ts'
import type { ControlCalls, HomeStatus } from './control/contract.ts'
import type { Peer } from '@pergola/protocols/peer'

export type PeerCalls = Pick<ControlCalls, 'status' | 'pair' | 'post' | 'export' | 'import'>

async function statusOf (peer: Peer, data: string): Promise<HomeStatus> {
  const me = peer.account.me()
  const relays = peer.connection().relays.map(({ info, state }) => ({ name: info.name ?? info.addrs[0] ?? info.peer, address: info.addrs[0] ?? '', state }))

  if (me == null) {
    return { identity: null, name: null, posts: 0, media: { wanted: 0, held: 0 }, relays, data }
  }

  const wall = await peer.walls.open(me.space)
  const view = wall.view()
  const media = wall.media()
  const held = await Promise.all(media.map(async ({ cid }) => peer.media.has(cid)))

  return {
    identity: identityToText(me.identity),
    name: view.profile?.name ?? null,
    posts: view.posts.length,
    media: { wanted: media.length, held: held.filter(Boolean).length },
    relays,
    data
  }
}

/** `deviceName`: what one's other devices call this one */
export function peerCalls (peer: Peer, { data, deviceName }: { data: string, deviceName: string }): PeerCalls {
  return {
    status: async () => statusOf(peer, data),

    async pair ({ link }, options) {
      await peer.pair(decodePairing(link), deviceName, options)

      const { identity, name } = await statusOf(peer, data)

      return { identity: identity ?? '', name }
    },

    async post (content) {
      const entry = await peer.posts.post({
        text: content.text,
        ...(content.warning == null ? {} : { warning: content.warning }),
        ...(content.lang == null ? {} : { lang: content.lang })
      })

      return { id: entry.id }
    },

    async export ({ file, passphrase, follows = false }, { signal, onProgress } = {}) {
      const { bytes, posts, files, missing } = await peer.exportArchive({
        follows,
        ...(passphrase == null ? {} : { passphrase }),
        ...(signal == null ? {} : { signal }),
        onProgress: (done, total) => onProgress?.({ step: 'export', done, total })
      })

      await writeArchiveFile(file, bytes)

      return { posts, files, missing }
    },

    async import ({ file, passphrase }, { signal, onProgress } = {}) {
      return withArchiveFile(file, async archive => {
        const imported = await peer.importArchive(archive, {
          ...(passphrase == null ? {} : { passphrase }),
          ...(signal == null ? {} : { signal }),
          onProgress: (step, done, total) => onProgress?.({ step, done, total })
        })

        return { ...imported, identity: identityToText(imported.identity) }
      })
    }
  }
}
