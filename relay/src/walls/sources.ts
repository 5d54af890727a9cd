/** Which wall comes from which relays. Pure: what is to be done about it comes out as steps. */
import type { Way } from '../outbound.ts'
import type { RelayInfo, SpaceId } from '@pergola/protocols'

export type SourceStep =
  /** The first space that comes from there: keep a link */
  | { type: 'link', info: RelayInfo }
  | { type: 'begin' | 'end', peer: string, space: SpaceId }
  /** The last space is gone */
  | { type: 'unlink', peer: string }

export interface SourcesInit {
  /** Text of one's own PeerId: a relay is no source to itself */
  self: string
  /** Relays that are linked to at one time */
  maxRelays: number
  /** Spaces that come from one relay */
  maxSpaces: number
  /** Ways to one relay that are tried */
  maxWays: number
}

export class Sources {
  readonly #init: SourcesInit
  /** What is wanted, also what there is no room for */
  readonly #wanted = new Map<SpaceId, RelayInfo[]>()
  /** The relays that are linked to, with what is said of them by the followers of each space */
  readonly #relays = new Map<string, Map<SpaceId, RelayInfo>>()
  /** Wanted, but there was no room */
  readonly #waiting = new Set<SpaceId>()

  constructor (init: SourcesInit) {
    this.#init = init
  }

  /** Where a space is to come from, from now on; nowhere: it is not wanted any more */
  set (space: SpaceId, sources: RelayInfo[]): SourceStep[] {
    const others = sources.filter(({ peer }) => peer !== this.#init.self)
    const before = this.#wanted.get(space) ?? []
    const gone = before.filter(({ peer }) => !others.some(info => info.peer === peer)).flatMap(({ peer }) => this.#end(peer, space))

    if (others.length > 0) {
      this.#wanted.set(space, others)
    } else {
      this.#wanted.delete(space)
      this.#waiting.delete(space)
    }

    const begun = this.#begin(space)
    const unlinked = this.#sweep()

    return [...gone, ...begun, ...unlinked, ...unlinked.length > 0 || gone.length > 0 ? this.#fill() : []]
  }

  /** Gives up a relay, so that there is room for another; its spaces do without it */
  evict (peer: string): SourceStep[] {
    const spaces = this.spaces(peer)

    for (const space of spaces) {
      const others = this.#wanted.get(space)?.filter(info => info.peer !== peer) ?? []

      if (others.length > 0) {
        this.#wanted.set(space, others)
      } else {
        this.#wanted.delete(space)
      }
    }

    return [...spaces.flatMap(space => this.#end(peer, space)), ...this.#sweep(), ...this.#fill()]
  }

  get isCrowded (): boolean {
    return this.#waiting.size > 0
  }

  spaces (peer: string): SpaceId[] {
    return [...this.#relays.get(peer)?.keys() ?? []]
  }

  relays (space: SpaceId): string[] {
    return this.#wanted.get(space)?.map(({ peer }) => peer).filter(peer => this.has(peer, space)) ?? []
  }

  isLinked (peer: string): boolean {
    return this.#relays.has(peer)
  }

  has (peer: string, space: SpaceId): boolean {
    return this.#relays.get(peer)?.has(space) === true
  }

  /** The ways to a relay, those first that are named for most spaces: who names a wrong one keeps nobody else from it */
  ways (peer: string): Way[] {
    const counted = new Map<string, Way & { count: number }>()

    for (const { addrs, path } of this.#relays.get(peer)?.values() ?? []) {
      for (const address of addrs) {
        const key = JSON.stringify([address, path])
        const way = counted.get(key) ?? { address, path, count: 0 }

        way.count++
        counted.set(key, way)
      }
    }

    const byAddress = new Map<string, Way>()

    for (const { address, path } of [...counted.values()].sort((a, b) => b.count - a.count)) {
      if (!byAddress.has(address) && byAddress.size < this.#init.maxWays) {
        byAddress.set(address, { address, path })
      }
    }

    return [...byAddress.values()]
  }

  #begin (space: SpaceId): SourceStep[] {
    this.#waiting.delete(space)

    return this.#wanted.get(space)?.flatMap<SourceStep>(info => {
      const { peer } = info
      const known = this.#relays.get(peer)

      if (known?.has(space) === true) {
        known.set(space, info)

        return []
      }

      if (known == null ? this.#relays.size >= this.#init.maxRelays : known.size >= this.#init.maxSpaces) {
        this.#waiting.add(space)

        return []
      }

      const begin: SourceStep = { type: 'begin', peer, space }

      if (known != null) {
        known.set(space, info)

        return [begin]
      }

      this.#relays.set(peer, new Map([[space, info]]))

      return [{ type: 'link', info }, begin]
    }) ?? []
  }

  #end (peer: string, space: SpaceId): SourceStep[] {
    return this.#relays.get(peer)?.delete(space) === true ? [{ type: 'end', peer, space }] : []
  }

  #sweep (): SourceStep[] {
    return [...this.#relays].filter(([, spaces]) => spaces.size === 0).map(([peer]) => {
      this.#relays.delete(peer)

      return { type: 'unlink', peer }
    })
  }

  #fill (): SourceStep[] {
    return [...this.#waiting].flatMap(space => this.#begin(space))
  }
}
