/** A relay asks those who are connected to it for blocks that it does not hold itself, so that a stranger needs no other peer. */
import { blockKey } from './block-key.ts'
import { MAX_THROUGH_FETCHES, MAX_THROUGH_FETCHES_PER_PEER, THROUGH_TIMEOUT_MS } from './constants.ts'
import type { BlockRequests } from './requests.ts'
import type { AbortOptions } from '../interface.ts'
import type { Logger, PeerId } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

export interface Through {
  /** Whether there is anybody to ask, and room to do so */
  mayFetch (cid: CID, peer: PeerId): boolean
  /** Never rejects: undefined if it could not be had in time */
  fetch (cid: CID, peer: PeerId, options: Required<AbortOptions>): Promise<Uint8Array | undefined>
}

export interface ThroughInit {
  requests: BlockRequests
  blockstore: Blockstore
  /** Who may have what a peer asks for: the nearest first, connected ones only */
  sourcesFor (peer: PeerId): PeerId[]
  log: Logger
}

interface Fetch {
  block: Promise<Uint8Array | undefined>
  waiting: number
  controller: AbortController
}

export function createThrough ({ requests, blockstore, sourcesFor, log }: ThroughInit): Through {
  const fetches = new Map<string, Fetch>()
  const perPeer = new Map<string, number>()

  function sources (peer: PeerId): PeerId[] {
    return sourcesFor(peer).filter(source => !source.equals(peer))
  }

  function count (peer: PeerId, change: 1 | -1): void {
    const name = peer.toString()
    const number = (perPeer.get(name) ?? 0) + change

    if (number === 0) {
      perPeer.delete(name)
    } else {
      perPeer.set(name, number)
    }
  }

  function begin (key: string, cid: CID, peer: PeerId): Fetch {
    const controller = new AbortController()
    const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(THROUGH_TIMEOUT_MS)])

    async function run (): Promise<Uint8Array | undefined> {
      try {
        const block = await requests.fetch(cid, sources(peer), { signal })
        // a full cache is no reason not to answer
        await Promise.resolve(blockstore.put(cid, block)).catch(err => { log('could not keep %c - %e', cid, err) })

        return block
      } catch (err) {
        log('could not fetch %c through - %e', cid, err)
      } finally {
        if (fetches.get(key) === fetch) {
          fetches.delete(key)
        }
      }
    }

    const fetch: Fetch = { controller, waiting: 0, block: Promise.resolve(undefined) }
    fetches.set(key, fetch)
    fetch.block = run()

    return fetch
  }

  return {
    mayFetch: (cid, peer) => (fetches.size < MAX_THROUGH_FETCHES || fetches.has(blockKey(cid))) &&
      (perPeer.get(peer.toString()) ?? 0) < MAX_THROUGH_FETCHES_PER_PEER && sources(peer).length > 0,
    async fetch (cid, peer, { signal }) {
      const key = blockKey(cid)
      const fetch = fetches.get(key) ?? begin(key, cid, peer)
      fetch.waiting++
      count(peer, 1)
      const aborted = Promise.withResolvers<undefined>()
      const onAbort = (): void => { aborted.resolve(undefined) }
      signal.addEventListener('abort', onAbort, { once: true })

      try {
        return await Promise.race([fetch.block, aborted.promise])
      } finally {
        signal.removeEventListener('abort', onAbort)
        count(peer, -1)

        if (--fetch.waiting === 0) {
          fetch.controller.abort()

          if (fetches.get(key) === fetch) {
            fetches.delete(key)
          }
        }
      }
    }
  }
}
