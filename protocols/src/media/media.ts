import { unixfs } from '@helia/unixfs'
import { concat } from 'uint8arrays/concat'
import { systemClock } from '../interface.ts'
import { LEAF_BYTES, MAX_GET_BYTES } from './constants.ts'
import { contentOf, copies } from './copies.ts'
import { addToBatch } from './durable-writer.ts'
import { MediaLimitError, MediaUnavailableError } from './errors.ts'
import { createExchange } from './exchange.ts'
import { overlay } from './overlay.ts'
import { pinRegistry } from './pin-registry.ts'
import { quotaBlockstore } from './quota-blockstore.ts'
import { readBlock } from './read-block.ts'
import { blockRequests } from './requests.ts'
import { blockServer } from './serve.ts'
import { storeBlockstore } from './store-blockstore.ts'
import { storeDatastore } from './store-datastore.ts'
import { createThrough } from './through.ts'
import { dagBytes, walk } from './walk.ts'
import type { Media, MediaInit } from './index.ts'
import type { Walked } from './walk.ts'
import type { AbortOptions } from '../interface.ts'
import type { PeerId, Startable } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

/** A file of no bytes is one chunk of none */
async function * chunks (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    for (let start = 0; start === 0 || start < bytes.length; start += LEAF_BYTES) {
      yield bytes.subarray(start, start + LEAF_BYTES)
    }
  }
}

export async function startMedia (init: MediaInit): Promise<Media & Startable> {
  const { libp2p, store, maxBytes } = init
  const registry = init.pins ?? pinRegistry(store)
  const blockstore = init.blockstore ?? (maxBytes == null
    ? storeBlockstore(store)
    : await quotaBlockstore(storeBlockstore(store), { maxBytes, keeps: async cid => registry.keeps(cid) }))
  const log = libp2p.logger.forComponent('pergola:media')
  const exchange = await createExchange({ libp2p, blockstore, datastore: storeDatastore(store) })
  const requests = blockRequests({ exchange, libp2p, clock: init.clock ?? systemClock })
  const { sourcesFor, admits = () => true } = init
  const through = sourcesFor == null ? undefined : createThrough({ requests, blockstore, sourcesFor, log })
  const server = blockServer({ exchange, blockstore, admits, through, log })
  const { decodeLinks } = exchange

  async function local (cid: CID): Promise<Uint8Array> {
    const block = await readBlock(blockstore, cid)

    if (block == null) {
      throw new MediaUnavailableError('Not all of the file is here')
    }

    return block
  }

  async function walkHere (cid: CID, options?: AbortOptions): Promise<Walked> {
    return walk(cid, { ...options, maxBytes: Infinity, load: local, decodeLinks })
  }

  /** Loads from here, or else from the providers; what was fetched is kept */
  function loader (providers: PeerId[], keep: (cid: CID, block: Uint8Array) => Promise<void>) {
    return async (cid: CID, signal: AbortSignal): Promise<Uint8Array> => {
      const block = await readBlock(blockstore, cid)

      if (block != null) {
        return block
      }

      const fetched = await requests.fetch(cid, providers, { signal })
      await keep(cid, fetched)

      return fetched
    }
  }

  async function read (from: Pick<Blockstore, 'get' | 'put' | 'has'>, cid: CID, size: number, signal?: AbortSignal): Promise<Uint8Array> {
    const parts: Uint8Array[] = []

    for await (const part of contentOf(from, cid, size, signal)) {
      parts.push(part)
    }

    return concat(parts, size)
  }

  async function start (): Promise<void> {
    await exchange.start()
    await requests.start()
    await server.start()
  }

  await start()

  return {
    ...copies({ blockstore, registry, decodeLinks }),
    start,
    async stop () {
      await server.stop()
      await requests.stop()
      await exchange.stop()
    },
    async add (bytes) {
      const writer = addToBatch(blockstore)
      const cid = await unixfs({ blockstore: writer }).addBytes(bytes, { cidVersion: 1, rawLeaves: true, chunker: chunks })
      await writer.flush()

      return { cid, size: bytes.length }
    },
    async get (cid, size, { providers, signal, onProgress }) {
      if (!Number.isSafeInteger(size) || size < 0 || size > MAX_GET_BYTES) {
        throw new MediaLimitError(`A file of ${size} bytes is too large to be shown`)
      }

      const hold = registry.hold()
      const unkept = overlay(blockstore)
      let done = 0

      try {
        await walk(cid, {
          signal,
          decodeLinks,
          maxBytes: dagBytes(size),
          load: loader(providers, async (cid, block) => {
            hold.add(cid)

            try {
              await blockstore.put(cid, block)
            } catch (err) {
              // a full disk is no reason not to show it
              log('could not keep %c - %e', cid, err)
              unkept.add(cid, block)
            }
          }),
          onBlock (cid, block) {
            hold.add(cid)
            done = Math.min(done + block.length, size)
            onProgress?.(done, size)
          }
        })

        return await read(unkept.blockstore, cid, size, signal)
      } finally {
        hold.release()
      }
    },
    async has (cid) {
      try {
        await walkHere(cid)

        return true
      } catch (err) {
        if (err instanceof MediaUnavailableError) {
          return false
        }

        throw err
      }
    },
    async pin (cid, { providers, maxBytes, signal, onProgress }) {
      const pinned = await registry.size(cid)

      if (pinned != null) {
        return { size: pinned }
      }

      const hold = registry.hold()
      const writer = addToBatch(blockstore)
      let done = 0

      try {
        const { blocks, size } = await walk(cid, {
          signal,
          decodeLinks,
          maxBytes,
          load: loader(providers, async cid => { hold.add(cid) }),
          async onBlock (cid, block) {
            hold.add(cid)

            // what was only cached so far need not be durable
            if (!await registry.isPinned(cid)) {
              await writer.put(cid, block)
            }

            done += block.length
            onProgress?.(done, maxBytes)
          }
        })
        await writer.flush()
        signal?.throwIfAborted()
        await registry.add(cid, size, blocks)

        return { size }
      } finally {
        hold.release()
      }
    },
    async unpin (cid) {
      if (await registry.size(cid) == null) {
        return
      }

      const { blocks } = await walkHere(cid)

      for (const block of await registry.remove(cid, blocks)) {
        // it may be pinned again by now
        if (!await registry.keeps(block)) {
          await blockstore.delete(block)
        }
      }
    },
    isPinned: async cid => await registry.size(cid) != null,
    pins: options => registry.roots(options)
  }
}
