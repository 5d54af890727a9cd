/** Asks the given providers, and nobody else, for blocks. */
import { blockKey } from './block-key.ts'
import { HEDGE_MS, MAX_BLOCK_BYTES } from './constants.ts'
import { MediaUnavailableError } from './errors.ts'
import { Outbox } from './outbox.ts'
import { Want } from './want.ts'
import type { Exchange, NetworkEvents, WantEvents } from './exchange.ts'
import type { AbortOptions, Clock } from '../interface.ts'
import type { Libp2p, PeerId, Startable } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

export interface BlockRequests extends Startable {
  /**
   * The block, checked against its CID.
   *
   * @param cid - of a raw or dag-pb block
   * @param providers - the nearest first
   * @param options - `signal` ends the wait
   * @throws {MediaUnavailableError} if none of them has it or can be reached
   */
  fetch (cid: CID, providers: PeerId[], options?: AbortOptions): Promise<Uint8Array>
}

interface Pending {
  want: Want
  resolve (block: Uint8Array): void
  reject (error: unknown): void
}

export interface BlockRequestsInit {
  exchange: Exchange
  libp2p: Pick<Libp2p, 'getConnections'>
  clock: Clock
}

export function blockRequests ({ exchange, libp2p, clock }: BlockRequestsInit): BlockRequests {
  const pending = new Map<string, Set<Pending>>()
  const outboxes = new Map<string, Outbox>()
  let timer: ReturnType<typeof setInterval> | undefined
  let started = false

  function outboxOf (peer: PeerId): Outbox {
    const name = peer.toString()
    let outbox = outboxes.get(name)

    if (outbox == null) {
      outbox = new Outbox(async message => exchange.send(peer, message), key => {
        for (const { want } of [...pending.get(key) ?? []]) {
          want.failed(name, clock.now())
        }
      })
      outboxes.set(name, outbox)
    }

    return outbox
  }

  function onBlock ({ detail: { cid, block, connection } }: WantEvents['block']): void {
    const key = blockKey(cid)
    const name = connection.remotePeer.toString()
    outboxes.get(name)?.heard(clock.now())
    outboxes.get(name)?.answered(key)

    for (const { resolve, reject } of [...pending.get(key) ?? []]) {
      if (block.length > MAX_BLOCK_BYTES) {
        reject(new MediaUnavailableError('The file is made of blocks that are too large'))
      } else {
        resolve(block)
      }
    }
  }

  function onPresence ({ detail: { cid, sender, has } }: WantEvents['presence']): void {
    const key = blockKey(cid)
    const name = sender.toString()
    outboxes.get(name)?.heard(clock.now())

    if (has) {
      return
    }

    outboxes.get(name)?.answered(key)

    for (const { want } of [...pending.get(key) ?? []]) {
      want.refused(name, clock.now())
    }
  }

  function onDisconnect ({ detail: peer }: NetworkEvents['peer:disconnected']): void {
    const name = peer.toString()
    outboxes.delete(name)

    for (const { want } of allPending()) {
      want.disconnected(name, clock.now())
    }
  }

  function onConnect ({ detail: peer }: NetworkEvents['peer:connected']): void {
    for (const { want } of allPending()) {
      want.connected(peer.toString())
    }
  }

  function allPending (): Pending[] {
    return [...pending.values()].flatMap(set => [...set])
  }

  function watch (): void {
    if (timer == null && pending.size > 0) {
      timer = setInterval(() => {
        for (const { want } of allPending()) {
          want.tick(clock.now())
        }
      }, HEDGE_MS / 3)
    } else if (timer != null && pending.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }

  return {
    async fetch (cid, providers, { signal } = {}) {
      signal?.throwIfAborted()

      if (!started) {
        throw new MediaUnavailableError('The network is not running')
      }

      const key = blockKey(cid)
      const peers = new Map(providers.map(peer => [peer.toString(), peer]))
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
      const isSilent = (name: string): number => outboxes.get(name)?.silent === true ? 1 : 0
      const order = [...peers.keys()].sort((a, b) => isSilent(a) - isSilent(b))
      const want = new Want(order, clock.now(), {
        ask (name) {
          const peer = peers.get(name)

          if (peer != null) {
            outboxOf(peer).ask(cid)
          }
        },
        silent (name) {
          const outbox = outboxes.get(name)

          if (outbox != null) {
            outbox.silent = true
          }
        },
        askAgain: name => { outboxes.get(name)?.askAgain(key) },
        isConnected: name => {
          const peer = peers.get(name)

          return peer != null && libp2p.getConnections(peer).length > 0
        },
        lastHeard: name => outboxes.get(name)?.lastHeard ?? 0,
        fail: () => { reject(new MediaUnavailableError('Nobody who can be reached right now has this file')) }
      })
      const entry: Pending = { want, resolve, reject }
      const onAbort = (): void => { reject(signal?.reason) }
      const set = pending.get(key) ?? new Set()
      pending.set(key, set.add(entry))
      signal?.addEventListener('abort', onAbort, { once: true })
      watch()
      want.start(clock.now())

      try {
        return await promise
      } finally {
        signal?.removeEventListener('abort', onAbort)
        set.delete(entry)

        if (set.size === 0 && pending.get(key) === set) {
          pending.delete(key)
        }

        for (const name of want.asked) {
          outboxes.get(name)?.release(key)
        }

        watch()
      }
    },
    start () {
      if (!started) {
        started = true
        exchange.received.addEventListener('block', onBlock)
        exchange.received.addEventListener('presence', onPresence)
        exchange.events.addEventListener('peer:disconnected', onDisconnect)
        exchange.events.addEventListener('peer:connected', onConnect)
      }
    },
    stop () {
      started = false
      exchange.received.removeEventListener('block', onBlock)
      exchange.received.removeEventListener('presence', onPresence)
      exchange.events.removeEventListener('peer:disconnected', onDisconnect)
      exchange.events.removeEventListener('peer:connected', onConnect)

      for (const { reject } of allPending()) {
        reject(new MediaUnavailableError('The network was stopped'))
      }

      outboxes.clear()
    }
  }
}
