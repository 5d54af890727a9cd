/** The home node: a peer that is always on, keeps its owner's wall and media, and is told what to do over its control socket. */
import { hostname } from 'node:os'
import { serveControl } from './control/server.ts'
import { openDataFolder } from './data-folder.ts'
import { HomeLockedError } from './errors.ts'
import { openHomeVault } from './home-vault.ts'
import { peerCalls } from './peer-calls.ts'
import { runPeer } from './run-peer.ts'
import type { ControlCalls, LockState } from './control/contract.ts'
import type { HomeVault } from './home-vault.ts'
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
  /** @throws {HomeLockedError} while it is locked */
  readonly peer: Peer
  readonly locked: boolean
  readonly calls: ControlCalls
  readonly data: string
  /** Idempotent */
  stop (): Promise<void>
}

/**
 * Opens the data folder and starts. Resolves when the control socket answers; relays are connected later, by themselves. Where there is a passphrase
 * everything but the control socket waits for it.
 */
export async function startHome (init: HomeInit): Promise<Home> {
  const folder = await openDataFolder(init.data)
  let home = await openHomeVault(folder)
  let peer: Peer | undefined
  let last: Promise<unknown> = Promise.resolve()
  let stopping: Promise<void> | undefined

  /** What changes whether it is open is done one after the other */
  async function inTurn<T> (work: () => Promise<T>): Promise<T> {
    const turn = last.then(work)

    last = turn.catch(() => {})

    return turn
  }

  async function begin (): Promise<void> {
    if (peer == null && home.vault.store != null) {
      peer = await runPeer({ home, relays: init.relays ?? [] })
    }
  }

  async function end (): Promise<void> {
    const ending = peer

    peer = undefined
    await ending?.stop()
  }

  function openPeer (): Peer {
    if (peer == null) {
      throw new HomeLockedError('The home node is locked: unlock it with "pergola unlock"')
    }

    return peer
  }

  const state = ({ vault }: HomeVault = home): LockState => ({ locked: vault.store == null, protected: vault.isProtected })
  const open = (): ReturnType<typeof peerCalls> => peerCalls(openPeer(), { data: folder.path, deviceName: init.name ?? hostname() })
  const calls: ControlCalls = {
    status: async () => open().status(),
    pair: async (...args) => open().pair(...args),
    post: async (...args) => open().post(...args),
    export: async (...args) => open().export(...args),
    import: async (...args) => open().import(...args),
    state: async () => state(),

    lock: async () => inTurn(async () => {
      home.vault.checkProtected()
      await end()
      await home.vault.lock()

      return state()
    }),

    unlock: async ({ passphrase }) => inTurn(async () => {
      await home.vault.unlock({ kind: 'passphrase', passphrase })
      await begin()

      return state()
    }),

    passphrase: async ({ current, next }) => inTurn(async () => {
      await home.vault.setPassphrase({ ...(current == null ? {} : { current }), next: next ?? null })

      return state()
    }),

    panic: async () => inTurn(async () => {
      const ending = end()

      await home.erase()
      await ending.catch(() => {})
      home = await openHomeVault(folder)
      await begin()

      return state()
    })
  }

  await begin()

  const control = await serveControl(folder.socket, calls)

  return {
    get peer () { return openPeer() },
    get locked () { return peer == null },
    calls,
    data: folder.path,
    async stop () {
      stopping ??= (async () => {
        await control.stop()
        await inTurn(async () => {
          await end()
          await home.close()
        })
      })()

      return stopping
    }
  }
}
