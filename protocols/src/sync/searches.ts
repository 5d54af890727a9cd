/** Looking for splits of chains, as the side that asks. Rules: specs/sync.md [SY50] to [SY55]. */
import { MAX_SEARCHES, MAX_SEARCH_ROUNDS } from './constants.ts'
import type { EventOf } from './events.ts'
import type { Frame } from './frames.ts'
import type { ChainKey } from '../log/index.ts'

interface Search {
  low: number
  high: number
  rounds: number
}

/** What comes of an answer: ask this, or look no further; undefined: nobody looked */
export type SearchStep = { ask: Frame } | 'ended' | undefined

export class Searches {
  private readonly byChain = new Map<string, Search>()

  has (chain: ChainKey): boolean {
    return this.byChain.has(chain.identity + chain.device)
  }

  /** Somewhere up to a place the two copies part. Undefined if that is being looked for, or too much else is */
  begin (chain: ChainKey, high: number): Frame | undefined {
    if (this.has(chain) || this.byChain.size >= MAX_SEARCHES) {
      return undefined
    }

    this.byChain.set(chain.identity + chain.device, { low: 0, high, rounds: 0 })

    return { type: 'trace', chain, from: 0, to: high }
  }

  /** @returns whether it was being looked for */
  end (chain: ChainKey): boolean {
    return this.byChain.delete(chain.identity + chain.device)
  }

  /** Points of the other copy were compared with ours */
  step ({ chain, same, differs }: EventOf<'compared'>): SearchStep {
    const search = this.byChain.get(chain.identity + chain.device)

    if (search == null) {
      const ask = differs == null ? undefined : this.begin(chain, differs)

      return ask == null ? undefined : { ask }
    }

    if (differs == null) {
      // the split was found elsewhere meanwhile
      this.end(chain)

      return 'ended'
    }

    if (differs === 0 || same === differs - 1) {
      return { ask: { type: 'ask-branch', chain, seq: differs } }
    }

    const low = same ?? search.low

    search.rounds++

    if (search.rounds >= MAX_SEARCH_ROUNDS || (search.rounds > 1 && low === search.low && differs === search.high)) {
      // one of us does not hold the place of the split
      this.end(chain)

      return 'ended'
    }

    search.low = low
    search.high = differs

    return { ask: { type: 'trace', chain, from: low, to: differs } }
  }
}
