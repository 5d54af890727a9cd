import { MAX_FOLLOWS, MAX_FOLLOWS_PER_CLIENT, MAX_KEPT_SOURCES, MAX_SOURCES } from './constants.ts'
import type { FollowAnswer, FollowRequest } from './messages.ts'
import type { SpaceId } from '../ids.ts'
import type { RelayInfo } from '../relay-info/index.ts'

export interface LedgerInit {
  maxPerClient?: number
  max?: number
  maxSources?: number
}

/** What became of the followers of a space: the first came, the last left, or others are named as where it comes from */
export type LedgerChange = { type: 'wanted' | 'unwanted' | 'sources', space: SpaceId }

/** A source, and how many followers of a space name it */
interface Vote {
  key: string
  info: RelayInfo
  count: number
}

interface Entry {
  want: boolean
  offer: boolean
  votes: Vote[]
}

/** All entries about one space, and what is asked of them at every change */
interface Space {
  entries: Map<string, Entry>
  followers: number
  votes: Map<string, Vote>
}

/** Which client of a relay follows and offers what, for as long as it is connected */
export class Ledger {
  readonly #maxPerClient: number
  readonly #max: number
  readonly #maxSources: number
  readonly #clients = new Map<string, Map<SpaceId, Entry>>()
  readonly #spaces = new Map<SpaceId, Space>()
  #size = 0
  #sources = 0

  constructor (init: LedgerInit = {}) {
    this.#maxPerClient = init.maxPerClient ?? MAX_FOLLOWS_PER_CLIENT
    this.#max = init.max ?? MAX_FOLLOWS
    this.#maxSources = init.maxSources ?? MAX_KEPT_SOURCES
  }

  set (client: string, { space, want, offer, sources }: Required<FollowRequest>): { answer: FollowAnswer, changes: LedgerChange[] } {
    const mine = this.#clients.get(client)
    const known = mine?.has(space) === true

    if ((want || offer) && !known && ((mine?.size ?? 0) >= this.#maxPerClient || this.#size >= this.#max)) {
      return { answer: { ok: false, reason: 'cap' }, changes: [] }
    }

    const changes = this.#watch(space, () => {
      this.#remove(client, space)

      if (want || offer) {
        this.#put(client, space, want, offer, sources)
      }
    })

    return { answer: { ok: true }, changes }
  }

  forget (client: string): LedgerChange[] {
    return [...this.#clients.get(client)?.keys() ?? []]
      .flatMap(space => this.#watch(space, () => { this.#remove(client, space) }))
  }

  wanted (): SpaceId[] {
    return [...this.#spaces.keys()].filter(space => this.isWanted(space))
  }

  isWanted (space: SpaceId): boolean {
    return (this.#spaces.get(space)?.followers ?? 0) > 0
  }

  followers (space: SpaceId): string[] {
    return this.#who(space, entry => entry.want)
  }

  offers (space: SpaceId): string[] {
    return this.#who(space, entry => entry.offer)
  }

  /** Those that most followers name: one follower alone cannot lead the others' relay astray */
  sources (space: SpaceId): RelayInfo[] {
    const peers = new Set<string>()

    return [...this.#spaces.get(space)?.votes.values() ?? []]
      .sort((a, b) => b.count - a.count)
      // of one relay only the way to it that most agree on
      .filter(({ info }) => !peers.has(info.peer) && peers.add(info.peer))
      .slice(0, MAX_SOURCES)
      .map(({ info }) => info)
  }

  named (client: string, space: SpaceId): RelayInfo[] {
    return this.#clients.get(client)?.get(space)?.votes.map(({ info }) => info) ?? []
  }

  clear (): void {
    this.#clients.clear()
    this.#spaces.clear()
    this.#size = 0
    this.#sources = 0
  }

  #put (client: string, id: SpaceId, want: boolean, offer: boolean, sources: RelayInfo[]): void {
    const mine = this.#clients.get(client) ?? new Map<SpaceId, Entry>()
    const space = this.#spaces.get(id) ?? { entries: new Map<string, Entry>(), followers: 0, votes: new Map<string, Vote>() }
    const entry = { want, offer, votes: want ? this.#vote(space, sources) : [] }

    this.#size++
    space.followers += want ? 1 : 0
    mine.set(id, entry)
    space.entries.set(client, entry)
    this.#clients.set(client, mine)
    this.#spaces.set(id, space)
  }

  /** What others name too is kept once; beyond what is kept of all together, sources are left out */
  #vote (space: Space, sources: RelayInfo[]): Vote[] {
    return sources.flatMap(info => {
      const key = JSON.stringify([info.peer, info.addrs, info.path])
      const known = space.votes.get(key)

      if (known == null && this.#sources >= this.#maxSources) {
        return []
      }

      const vote = known ?? { key, info, count: 0 }

      this.#sources += known == null ? 1 : 0
      vote.count++
      space.votes.set(key, vote)

      return [vote]
    })
  }

  #remove (client: string, id: SpaceId): void {
    const mine = this.#clients.get(client)
    const entry = mine?.get(id)
    const space = this.#spaces.get(id)

    if (mine == null || entry == null || space == null) {
      return
    }

    this.#size--
    mine.delete(id)
    space.entries.delete(client)
    space.followers -= entry.want ? 1 : 0

    for (const vote of entry.votes) {
      if (--vote.count === 0) {
        space.votes.delete(vote.key)
        this.#sources--
      }
    }

    if (mine.size === 0) {
      this.#clients.delete(client)
    }

    if (space.entries.size === 0) {
      this.#spaces.delete(id)
    }
  }

  #watch (space: SpaceId, change: () => void): LedgerChange[] {
    const wantedBefore = this.isWanted(space)
    const before = this.sources(space)

    change()

    const wanted = this.isWanted(space)
    const after = this.sources(space)

    if (wanted !== wantedBefore) {
      return [{ type: wanted ? 'wanted' : 'unwanted', space }]
    }

    const same = after.length === before.length && after.every((info, i) => info === before[i])

    return wanted && !same ? [{ type: 'sources', space }] : []
  }

  #who (space: SpaceId, filter: (entry: Entry) => boolean): string[] {
    return [...this.#spaces.get(space)?.entries ?? []].filter(([, entry]) => filter(entry)).map(([client]) => client)
  }
}
