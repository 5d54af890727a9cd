/** What is held of the chains of a space: read from the Store once, then kept while there is room. */
import { decodeHeld, encodeHeld } from './held.ts'
import { chainOfKey, chainPrefix, endOf, prefixKey } from './keys.ts'
import type { DeviceId, IdentityId, SpaceId } from '../ids.ts'
import type { Store, StoreOp } from '../interface.ts'
import type { ChainKey } from './entry.ts'
import type { Held } from './held.ts'

/** Spaces whose chains are kept in memory */
const MAX_CACHED_SPACES = 1_024

export interface HeldChain {
  readonly key: ChainKey
  readonly held: Readonly<Held>
}

/** By identity and device */
export type SpaceChains = Map<string, HeldChain>

export function chainName (chain: { identity: IdentityId, device: DeviceId }): string {
  return chain.identity + chain.device
}

export class Chains {
  private readonly store: Store
  private readonly cache = new Map<SpaceId, Promise<SpaceChains>>()

  constructor (store: Store) {
    this.store = store
  }

  async of (space: SpaceId): Promise<SpaceChains> {
    const cached = this.cache.get(space)

    if (cached != null) {
      // to the end of the line: the first is the next to go
      this.cache.delete(space)
      this.cache.set(space, cached)

      return cached
    }

    const loading = this.load(space)

    this.remember(space, loading)
    loading.catch(() => {
      if (this.cache.get(space) === loading) {
        this.cache.delete(space)
      }
    })

    return loading
  }

  async get (chain: ChainKey): Promise<HeldChain | undefined> {
    return (await this.of(chain.space)).get(chainName(chain))
  }

  /** The write that goes into the same batch as the entries */
  op (key: ChainKey, held: Held): StoreOp {
    return { type: 'put', key: chainPrefix('chain', key), value: encodeHeld(held) }
  }

  /** After the batch: what others see from now on */
  set (space: SpaceId, chains: SpaceChains, changed: HeldChain[]): void {
    for (const chain of changed) {
      chains.set(chainName(chain.key), chain)
    }

    // a reader may have dropped and reloaded it while the batch was being written
    this.remember(space, Promise.resolve(chains))
  }

  forget (space: SpaceId): void {
    this.cache.delete(space)
  }

  private remember (space: SpaceId, chains: Promise<SpaceChains>): void {
    this.cache.delete(space)
    this.cache.set(space, chains)

    if (this.cache.size > MAX_CACHED_SPACES) {
      const [oldest] = this.cache.keys()

      this.cache.delete(oldest)
    }
  }

  private async load (space: SpaceId): Promise<SpaceChains> {
    const prefix = prefixKey('chain', space)
    const chains: SpaceChains = new Map()

    for await (const [key, value] of this.store.range({ gte: prefix, lt: endOf(prefix) })) {
      const chain = chainOfKey(key)

      chains.set(chainName(chain), { key: chain, held: decodeHeld(value) })
    }

    return chains
  }
}
