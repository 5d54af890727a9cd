/** The home node: a peer that is always on, keeps its owner's wall and media, and is told what to do over its control socket. */
import { hostname } from 'node:os'
import { tcp } from '@libp2p/tcp'
import { decodePairing, identityToText, prefixStore } from '@pergola/protocols'
import { createPeer } from '@pergola/protocols/peer'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { withArchiveFile, writeArchiveFile } from './archive-files.ts'
import { serveControl } from './control/server.ts'
import { openDataFolder } from './data-folder.ts'
import { openHomeStore } from './home-store.ts'
import { openKeyStore } from './key-store.ts'
import type { ControlCalls, HomeStatus } from './control/contract.ts'
import type { RelayInfo } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

export interface HomeInit {
  /** Folder where everything is kept */
  data: string
  /** What one's other devices call it; @default the name of the machine */
  name?: string
  /** Relays known from the start */
  relays?: RelayInfo[]
}

export interface Home {
  readonly peer: Peer
  readonly calls: ControlCalls
  readonly data: string
  /** Idempotent */
  stop (): Promise<void>
}

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

/** Opens the data folder and starts. Resolves when the control socket answers; relays are connected later, by themselves */
export async function startHome (init: HomeInit): Promise<Home> {
  const folder = await openDataFolder(init.data)
  const { store, repaired, close } = await openHomeStore(folder)
  const blocks = await openLevelStore(folder.blocks)
  const peer = await createPeer({
    role: 'home',
    store: prefixStore(store, new TextEncoder().encode('peer/')),
    blocks,
    keys: await openKeyStore({ file: folder.keys, store }),
    repaired,
    network: { transports: [tcp()] }
  })

  await peer.start()

  for (const relay of init.relays ?? []) {
    await peer.addRelay(relay)
  }

  const calls: ControlCalls = {
    status: async () => statusOf(peer, folder.path),

    async pair ({ link }, options) {
      await peer.pair(decodePairing(link), init.name ?? hostname(), options)

      const { identity, name } = await statusOf(peer, folder.path)

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

  const control = await serveControl(folder.socket, calls)
  let stopping: Promise<void> | undefined

  return {
    peer,
    calls,
    data: folder.path,
    async stop () {
      stopping ??= (async () => {
        await control.stop()
        await peer.stop()
        await blocks.close()
        await close()
      })()

      return stopping
    }
  }
}
