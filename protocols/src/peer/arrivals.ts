/** Tells when a wall is here: somebody who has it has sent all of it. That somebody has nothing to send says nothing. */
import { publicWall } from '../ids.ts'
import { HOLE_PATIENCE_MS } from './constants.ts'
import { NotWatchedError } from './errors.ts'
import type { Follow } from '../follow/index.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { Log } from '../log/index.ts'
import type { Shown, Sync } from '../sync/index.ts'
import type { PeerId } from '@libp2p/interface'

export interface ArrivalsInit {
  log: Pick<Log, 'addEventListener' | 'chains'>
  sync: Pick<Sync, 'addEventListener' | 'shown'>
  follow: Pick<Follow, 'addEventListener'>
  isRelay (peer: PeerId): boolean
  /** Whether a relay says that it brings a wall */
  isComing (relay: PeerId, space: SpaceId): boolean
  /** @default HOLE_PATIENCE_MS */
  patience?: number
}

interface Arrival {
  isHere: boolean
  here: PromiseWithResolvers<void>
  /** Who has said to have sent all, by the text of its PeerId */
  said: Map<string, PeerId>
  /** Until nobody waits for what is missing below any more */
  patience?: ReturnType<typeof setTimeout>
}

export class Arrivals {
  readonly #init: ArrivalsInit
  readonly #arrivals = new Map<SpaceId, Arrival>()

  constructor (init: ArrivalsInit) {
    this.#init = init
  }

  /** Until the signal fires */
  start (signal: AbortSignal): void {
    const { follow, log, sync } = this.#init

    sync.addEventListener('space:caught-up', ({ detail: { peer, space } }) => {
      this.#arrivals.get(space)?.said.set(peer.toString(), peer)
      this.#look(space)
    }, { signal })
    // whoever comes back says it anew
    sync.addEventListener('stream:closed', ({ detail: { peer } }) => { this.#arrivals.forEach(({ said }) => said.delete(peer.toString())) }, { signal })
    // it may come from somebody who had nothing before
    log.addEventListener('entries:added', ({ detail }) => { this.#look(detail.space) }, { signal })
    log.addEventListener('record:changed', ({ detail }) => { this.#look(publicWall(detail.record.record.identity)) }, { signal })
    follow.addEventListener('space:coming', ({ detail }) => { this.#look(detail.space) }, { signal })
    signal.addEventListener('abort', () => { [...this.#arrivals.keys()].forEach(space => { this.release(space) }) }, { once: true })
  }

  keep (space: SpaceId): void {
    const here = Promise.withResolvers<void>()

    here.promise.catch(() => {})
    this.#arrivals.set(space, { isHere: false, here, said: new Map() })
  }

  release (space: SpaceId): void {
    const arrival = this.#arrivals.get(space)

    this.#arrivals.delete(space)
    clearTimeout(arrival?.patience)
    arrival?.here.reject(new NotWatchedError('Nobody here looks at this wall any more'))
  }

  /** @throws {NotWatchedError} if the wall is released before, and the reason of the signal */
  async here (space: SpaceId, { signal }: AbortOptions = {}): Promise<void> {
    const arrival = this.#arrivals.get(space)

    if (arrival == null) {
      throw new NotWatchedError('Nobody here looks at this wall')
    }

    signal?.throwIfAborted()

    const aborted = Promise.withResolvers<void>()
    const abort = (): void => { aborted.reject(signal?.reason) }

    signal?.addEventListener('abort', abort, { once: true })

    try {
      await Promise.race([arrival.here.promise, aborted.promise])
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  #look (space: SpaceId): void {
    const arrival = this.#arrivals.get(space)

    if (arrival == null || arrival.isHere || ![...arrival.said.values()].some(peer => this.#has(peer, space))) {
      return
    }

    clearTimeout(arrival.patience)
    // a relay may be fetching what it lacks below; or nobody has that any more
    arrival.patience = setTimeout(() => { this.#arrived(arrival) }, this.#init.patience ?? HOLE_PATIENCE_MS)

    this.#init.log.chains(space).then(chains => {
      if (chains.every(({ ranges }) => ranges.length === 1 && ranges[0].from === 0)) {
        this.#arrived(arrival)
      }
    }, () => {})
  }

  #has (peer: PeerId, space: SpaceId): boolean {
    const { isComing, isRelay, sync } = this.#init
    const { chains, record }: Shown = sync.shown(peer, space)

    return chains.length > 0 || (record && (!isRelay(peer) || isComing(peer, space)))
  }

  #arrived (arrival: Arrival): void {
    clearTimeout(arrival.patience)
    arrival.isHere = true
    arrival.here.resolve()
  }
}
