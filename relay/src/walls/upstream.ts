/**
 * Follows walls at their authors' other relays, as a client of them, for as long as somebody here wants these walls. It is how who follows
 * many people on many relays needs one connection.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { isPrivateSpace } from '@pergola/protocols'
import { MAX_UPSTREAM_RELAYS, MAX_UPSTREAM_SPACES, MAX_UPSTREAM_WAYS, NOTICE_DELAY_MS, REFUSED_RETRY_MS, STREAM_RETRY_MS } from './constants.ts'
import { Sources } from './sources.ts'
import type { WallServices } from './index.ts'
import type { SourceStep } from './sources.ts'
import type { Outbound, Way } from '../outbound.ts'
import type { Libp2p, PeerId } from '@libp2p/interface'
import type { RelayInfo, SpaceId } from '@pergola/protocols'

export interface Upstream {
  start (): void
  stop (): void
  /** The ways to a relay; none unless it is linked to */
  ways (peer: string): Way[]
  /** Whether a space may be kept in step with a peer: with a relay that is linked to, only what is followed there or by it */
  admits (space: SpaceId, peer: PeerId): boolean
  /** Whether a space is in step with one of the sources that a client named */
  isComing (client: PeerId, space: SpaceId): boolean
  /** Relays that hold a space and are connected. Nobody for who named no sources, as relays do: else relays that follow each other would ask in circles */
  sourcesFor (client: PeerId, space: SpaceId): PeerId[]
}

class UpstreamLinks implements Upstream {
  readonly #libp2p: Libp2p<WallServices>
  readonly #outbound: Outbound
  readonly #self: string
  readonly #sources: Sources
  /** Spaces that are in step, by relay */
  readonly #live = new Map<string, Set<SpaceId>>()
  /** Spaces to tell of, by client */
  readonly #notices = new Map<string, Set<SpaceId>>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #abort = new AbortController()

  constructor (libp2p: Libp2p<WallServices>, outbound: Outbound) {
    this.#libp2p = libp2p
    this.#outbound = outbound
    this.#self = libp2p.peerId.toString()
    this.#sources = new Sources({ self: this.#self, maxRelays: MAX_UPSTREAM_RELAYS, maxSpaces: MAX_UPSTREAM_SPACES, maxWays: MAX_UPSTREAM_WAYS })
  }

  start (): void {
    const { follow, sync, supervisor } = this.#libp2p.services

    this.#abort = new AbortController()

    const { signal } = this.#abort

    follow.addEventListener('space:wanted', ({ detail }) => { this.#bring(detail.space, detail.sources) }, { signal })
    follow.addEventListener('sources:changed', ({ detail }) => { this.#bring(detail.space, detail.sources) }, { signal })
    follow.addEventListener('space:unwanted', ({ detail }) => { this.#carryOut(this.#sources.set(detail.space, [])) }, { signal })
    supervisor.addEventListener('relay:connected', ({ detail }) => { void this.#begin(detail.peer, this.#sources.spaces(detail.peer.toString())) }, { signal })
    supervisor.addEventListener('state:changed', ({ detail }) => {
      if (detail.state === 'offline' && this.#sources.isCrowded) {
        this.#carryOut(this.#sources.evict(detail.info.peer))
      }
    }, { signal })
    sync.addEventListener('space:caught-up', ({ detail }) => { this.#arrived(detail.peer.toString(), detail.space) }, { signal })
    sync.addEventListener('space:refused', ({ detail }) => { this.#failed(detail.peer, [detail.space], REFUSED_RETRY_MS) }, { signal })
    sync.addEventListener('stream:closed', ({ detail }) => { this.#failed(detail.peer, this.#sources.spaces(detail.peer.toString()), STREAM_RETRY_MS) }, { signal })

    for (const space of follow.wanted()) {
      this.#bring(space, follow.sources(space))
    }
  }

  stop (): void {
    this.#abort.abort()
    this.#timers.forEach(clearTimeout)
    this.#timers.clear()
    this.#live.clear()
    this.#notices.clear()
  }

  ways (peer: string): Way[] {
    return this.#sources.ways(peer)
  }

  admits (space: SpaceId, peer: PeerId): boolean {
    const text = peer.toString()

    return !this.#sources.isLinked(text) || this.#sources.has(text, space) || this.#isClient(peer, space)
  }

  isComing (client: PeerId, space: SpaceId): boolean {
    return this.#libp2p.services.follow.named(client, space).some(({ peer }) => peer === this.#self || this.#live.get(peer)?.has(space) === true)
  }

  sourcesFor (client: PeerId, space: SpaceId): PeerId[] {
    if (this.#libp2p.services.follow.named(client, space).length === 0) {
      return []
    }

    return this.#sources.relays(space).map(peer => peerIdFromString(peer)).filter(peer => this.#isConnected(peer))
  }

  /** A private space comes from no other relay: none hears of it from here */
  #bring (space: SpaceId, sources: RelayInfo[]): void {
    this.#carryOut(this.#sources.set(space, sources.length > 0 && isPrivateSpace(space) ? [] : sources))
  }

  #isConnected (peer: PeerId): boolean {
    return this.#libp2p.getConnections(peer).some(({ status }) => status === 'open')
  }

  #isClient (peer: PeerId, space: SpaceId): boolean {
    const { follow } = this.#libp2p.services

    return [...follow.followers(space), ...follow.offers(space)].some(client => client.equals(peer))
  }

  #carryOut (steps: SourceStep[]): void {
    const { supervisor } = this.#libp2p.services

    for (const step of steps) {
      switch (step.type) {
        case 'link':
          supervisor.add(step.info)
          break
        case 'begin': {
          const peer = peerIdFromString(step.peer)

          // else all that is to come from there is begun when it is connected
          if (supervisor.states().some(({ info, state }) => info.peer === step.peer && state === 'connected')) {
            void this.#begin(peer, [step.space])
          }
          break
        }
        case 'end':
          this.#end(peerIdFromString(step.peer), step.space)
          break
        default:
          this.#live.delete(step.peer)
          supervisor.remove(step.peer)
          this.#outbound.forget(step.peer)
      }
    }
  }

  async #begin (peer: PeerId, spaces: SpaceId[]): Promise<void> {
    const { follow, gossip, sync } = this.#libp2p.services
    const { signal } = this.#abort
    const text = peer.toString()

    try {
      const answers = await follow.follow(peer, spaces.map(space => ({ space })), { signal })
      const accepted = spaces.filter((space, i) => answers[i].ok && this.#sources.has(text, space))
      const refused = spaces.filter((_, i) => !answers[i].ok)

      if (refused.length > 0) {
        this.#failed(peer, refused, REFUSED_RETRY_MS)
      }

      for (const space of accepted) {
        gossip.announce(peer, space)
        await sync.open(peer, space, { signal })
      }
    } catch {
      this.#failed(peer, spaces, STREAM_RETRY_MS)
    }
  }

  #end (peer: PeerId, space: SpaceId): void {
    const { follow, gossip, sync } = this.#libp2p.services

    this.#lost(peer.toString(), space)
    gossip.withdraw(peer, space)

    if (this.#isConnected(peer)) {
      void follow.follow(peer, [{ space, want: false }], { signal: this.#abort.signal }).catch(() => {})
    }

    if (!this.#isClient(peer, space)) {
      void sync.close(peer, space).catch(() => {})
    }
  }

  #arrived (peer: string, space: SpaceId): void {
    const live = this.#live.get(peer) ?? new Set()

    if (this.#sources.has(peer, space) && !live.has(space)) {
      this.#live.set(peer, live.add(space))
      this.#tell(space)
    }
  }

  #lost (peer: string, space: SpaceId): void {
    if (this.#live.get(peer)?.delete(space) === true) {
      this.#tell(space)
    }
  }

  /** Tries again later over the same connection; a new one begins with everything */
  #failed (peer: PeerId, spaces: SpaceId[], delay: number): void {
    const text = peer.toString()
    const followed = spaces.filter(space => this.#sources.has(text, space))

    followed.forEach(space => { this.#lost(text, space) })

    if (followed.length > 0) {
      this.#later(delay, () => {
        const missing = followed.filter(space => this.#sources.has(text, space) && this.#live.get(text)?.has(space) !== true)

        if (missing.length > 0 && this.#isConnected(peer)) {
          void this.#begin(peer, missing)
        }
      })
    }
  }

  #later (delay: number, work: () => void): void {
    if (this.#abort.signal.aborted) {
      return
    }

    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, delay)

    this.#timers.add(timer)
  }

  /** Each client hears of many spaces at once */
  #tell (space: SpaceId): void {
    const { follow } = this.#libp2p.services

    for (const client of follow.followers(space)) {
      if (follow.named(client, space).length > 0) {
        const text = client.toString()

        if (this.#notices.size === 0) {
          this.#later(NOTICE_DELAY_MS, () => { this.#sendNotices() })
        }

        this.#notices.set(text, (this.#notices.get(text) ?? new Set()).add(space))
      }
    }
  }

  #sendNotices (): void {
    const { follow } = this.#libp2p.services
    const notices = [...this.#notices]

    this.#notices.clear()

    for (const [text, spaces] of notices) {
      const client = peerIdFromString(text)

      if (this.#isConnected(client)) {
        void follow.tellComing(client, [...spaces].map(space => ({ space, coming: this.isComing(client, space) })), { signal: this.#abort.signal }).catch(() => {})
      }
    }
  }
}

/** Links to other relays; what was allowed to be dialed for one is forgotten with it */
export function createUpstream (libp2p: Libp2p<WallServices>, outbound: Outbound): Upstream {
  return new UpstreamLinks(libp2p, outbound)
}
