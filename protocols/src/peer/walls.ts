/** Walls that are being read: each is built from the log once and follows it from then on. */
import { wallOwner } from '../ids.ts'
import type { EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { Clock } from '../interface.ts'
import type { Entry, Log } from '../log/index.ts'
import type { Wall } from '../wall/index.ts'

export interface WallsInit {
  log: Log
  clock: Clock
  createWall (owner: IdentityId): Wall
}

export interface WallEvents {
  /** The view of a wall may have changed */
  'wall:changed': CustomEvent<{ space: SpaceId }>
}

export interface Walls extends EventTarget {
  /** Reads a wall from the log; the same object for the same space until it is released */
  open (space: SpaceId): Promise<Wall>
  /** The wall if it is open already */
  peek (space: SpaceId): Wall | undefined
  release (space: SpaceId): void
  /** Resolves when all that the log has announced so far is in the open walls */
  settled (): Promise<void>
  stop (): void

  addEventListener<K extends keyof WallEvents> (type: K, listener: (event: WallEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof WallEvents> (type: K, listener: (event: WallEvents[K]) => void): void
}

class WallBook extends EventTarget implements Walls {
  readonly #init: WallsInit
  readonly #opening = new Map<SpaceId, Promise<Wall>>()
  readonly #open = new Map<SpaceId, Wall>()
  readonly #abort = new AbortController()
  #turn: Promise<void> = Promise.resolve()

  constructor (init: WallsInit) {
    super()
    this.#init = init

    const { log } = init
    const signal = this.#abort.signal

    log.addEventListener('entries:added', ({ detail }) => { this.#inTurn(async () => this.#take(detail.space, detail.entries)) }, { signal })
    log.addEventListener('counts:changed', ({ detail }) => { this.#inTurn(async () => this.#rebuild(detail.chain.space)) }, { signal })
  }

  async open (space: SpaceId): Promise<Wall> {
    let opening = this.#opening.get(space)

    if (opening == null) {
      opening = this.#read(space)
      this.#opening.set(space, opening)
    }

    const wall = await opening

    await this.#turn

    return wall
  }

  peek (space: SpaceId): Wall | undefined {
    return this.#open.get(space)
  }

  release (space: SpaceId): void {
    this.#opening.delete(space)
    this.#open.delete(space)
  }

  async settled (): Promise<void> {
    await this.#turn
  }

  #inTurn (work: () => Promise<void>): void {
    // a store that was closed meanwhile ends the reading, not the program
    this.#turn = this.#turn.then(work).catch(() => {})
  }

  stop (): void {
    this.#abort.abort()
    this.#opening.clear()
    this.#open.clear()
  }

  async #read (space: SpaceId): Promise<Wall> {
    const { log, createWall } = this.#init
    const wall = createWall(wallOwner(space))

    // entries that are added while the chains are being read reach the wall through the event: `add` takes the same entry twice
    this.#open.set(space, wall)

    for (const chain of await log.chains(space)) {
      for await (const entry of log.read(chain)) {
        await this.#add(wall, entry)
      }
    }

    return wall
  }

  async #add (wall: Wall, entry: Entry): Promise<void> {
    const { log, clock } = this.#init

    if (!await log.counts(entry)) {
      return
    }

    // a time in the past needs no note of when it was first seen; one in the future is held down to now, and is right again after a restart once it has passed
    await this.#drop(wall, wall.add(entry, clock.now()))
  }

  async #drop (wall: Wall, ids: EntryId[]): Promise<void> {
    for (const id of ids) {
      const place = wall.locate(id)

      if (place != null) {
        await this.#init.log.dropPayload(place.chain, place.seq)
      }
    }
  }

  async #take (space: SpaceId, entries: Entry[]): Promise<void> {
    const wall = this.#open.get(space)

    if (wall == null) {
      return
    }

    for (const entry of entries) {
      await this.#add(wall, entry)
    }

    this.#changed(space)
  }

  async #rebuild (space: SpaceId): Promise<void> {
    const wall = this.#open.get(space)

    if (wall == null) {
      return
    }

    for (const chain of await this.#init.log.chains(space)) {
      for await (const entry of this.#init.log.read(chain)) {
        if (!await this.#init.log.counts(entry)) {
          wall.remove(entry.id)
        } else if (!wall.has(entry.id)) {
          await this.#add(wall, entry)
        }
      }
    }

    this.#changed(space)
  }

  #changed (space: SpaceId): void {
    this.dispatchEvent(new CustomEvent('wall:changed', { detail: { space } }))
  }
}

/** Where later readers look: dispatches `wall:changed` after each batch of entries */
export function createWalls (init: WallsInit): Walls {
  return new WallBook(init)
}
